/** Texts, to paste elsewhere. */
import type { Message } from "@damso/sdk";
import type { Chat } from "../model/chat.ts";

export async function copyMessages(chat: Chat, messages: readonly Message[]): Promise<void> {
  const whole = await Promise.all(
    messages.map(({ seq }) => chat.context.client.body(chat.id, seq)),
  );
  const text = whole.map(({ body = "" }) => body).join("\n\n");
  await copyText(text);
}

/** Browsers have a clipboard only where the page came safely: https, or this machine. */
export async function copyText(text: string): Promise<void> {
  if (isSecureContext) return await navigator.clipboard.writeText(text);
  const box = document.createElement("textarea");
  box.className = "hidden";
  box.value = text;
  // Inside of a dialog that is open: outside of it nothing can be selected.
  (document.querySelector("dialog[open]") ?? document.body).append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
}
