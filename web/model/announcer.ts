/**
 * What a screen reader says politely: of messages that come in, in batches, never own ones, history or what is muted; and
 * that a deletion can be taken back.
 */
import type { Message, UserId } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { computed, signal } from "@preact/signals";
import type { Context } from "./context.ts";
import { lineOf } from "./files-text.ts";
import { isMention } from "./mentions-ahead.ts";
import { isMuted } from "./mute.ts";
import { placeholder, systemText } from "./system.ts";

const BATCH_MS = 800;
const SAID_CODE_UNITS = 200;
/** More than these are only counted. */
const SINGLY_MAX = 3;

export function createAnnouncer(
  context: Context,
  undoable: ReadonlySignal<number>,
): ReadonlySignal<string> {
  const { client, people, speech, later, now } = context;
  const said = signal("");
  let batch: Message[] = [];
  client.on("message", ({ message, live }) => {
    if (!live || message.sender_id === client.user_id) return;
    const muted = isMuted(client.channel(message.channel)?.muted_until, now.peek());
    if (muted && !isMention(message, client.user_id)) return;
    // The name is asked for now, so that it is known when it is to be said.
    people.nameOf(message.sender_id);
    // Emptied first: the same words as before would change nothing, and what does not change is not said.
    if (batch.length === 0) said.value = "";
    if (batch.length === 0) later(BATCH_MS, say);
    batch.push(message);
  });

  function say(): void {
    const messages = batch;
    batch = [];
    const many = messages.length > SINGLY_MAX;
    said.value = many
      ? speech.strings.peek().saidMany(messages.length)
      : messages.map(sentence).join("\n");
  }

  function sentence(message: Message): string {
    const strings = speech.strings.peek();
    if (message.kind === "system") return systemText(message, called, strings);
    const text = placeholder(message, strings) ?? lineOf(message, strings);
    return strings.said(people.nameOf(message.sender_id), text.slice(0, SAID_CODE_UNITS));
  }

  function called(user_id: UserId): string {
    return user_id === client.user_id ? speech.strings.peek().you : people.nameOf(user_id);
  }

  return computed(() => {
    const { talk } = speech.strings.value;
    return undoable.value > 0 ? `${talk.deleted(undoable.value)}. ${talk.undo}?` : said.value;
  });
}
