/** Texts of messages, to paste elsewhere. */
import type { Message } from "@damso/sdk";
import type { Chat } from "../model/chat.ts";

export async function copyMessages(chat: Chat, messages: readonly Message[]): Promise<void> {
  const whole = await Promise.all(
    messages.map(({ seq }) => chat.context.client.body(chat.id, seq)),
  );
  const text = whole.map(({ body = "" }) => body).join("\n\n");
  // Browsers have a clipboard only where the page came safely: https, or this machine.
  if (isSecureContext) await navigator.clipboard.writeText(text);
  else copyBySelection(text);
}

function copyBySelection(text: string): void {
  const box = document.createElement("textarea");
  box.className = "hidden";
  box.value = text;
  document.body.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
}
