/** What a screen reader says of messages that come in: politely, in batches, never own ones or history. */
import type { ReadonlySignal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Context } from "./context.ts";
import { placeholder, systemText } from "./system.ts";

const BATCH_MS = 800;
const SAID_CODE_UNITS = 200;

export function createAnnouncer(context: Context): ReadonlySignal<string> {
  const { client, people, speech, later } = context;
  const said = signal("");
  let batch: string[] = [];
  client.on("message", ({ message, live }) => {
    if (!live || message.sender_id === client.user_id) return;
    const strings = speech.strings.peek();
    const text =
      message.kind === "system"
        ? systemText(message, people.nameOf, strings)
        : strings.said(
            people.nameOf(message.sender_id),
            (placeholder(message, strings) ?? message.body ?? "").slice(0, SAID_CODE_UNITS),
          );
    if (batch.length === 0) later(BATCH_MS, say);
    batch.push(text);
  });

  function say(): void {
    const many = speech.strings.peek().saidMany(batch.length);
    said.value = batch.length > 3 ? many : batch.join("\n");
    batch = [];
  }

  return said;
}
