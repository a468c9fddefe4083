/** The messages that a device holds of one channel: as they stand, all that it claims to have, and none out of sight. */
import type { Message } from "@damso/protocol/schema/message";
import type { ChannelRecord } from "@damso/sdk/store/port";
import { wholeBody } from "./book.ts";
import type { Book, ChannelBook, Kept, Own } from "./book.ts";
import { IDENTITY, STATE } from "./fields.ts";
import { brief, differing } from "./same.ts";

export function checkHeld(
  book: Book,
  place: string,
  own: Own,
  channel: ChannelBook,
  { ranges }: ChannelRecord,
  messages: readonly Message[],
): void {
  const floor = Math.max(own.visible_from, own.cleared_to + 1);
  const held = new Map(messages.map((message) => [message.seq, message]));
  let before = 0;
  for (const message of messages) {
    const { seq } = message;
    if (seq <= before) book.faults.add("I6", `${place}: #${seq} stands after #${before}`);
    before = seq;
    const at = `${place}#${seq}`;
    if (seq < floor || own.hidden.has(seq)) book.faults.add("I9", `${at} is held and out of sight`);
    else checkMessage(book, at, channel.kept[seq - 1], message);
  }
  for (const [from, to] of ranges) {
    if (to > channel.head) book.faults.add("I3", `${place} claims #${to} of #${channel.head}`);
    for (let seq = Math.max(from, floor); seq <= Math.min(to, channel.head); seq++)
      if (!held.has(seq) && !own.hidden.has(seq))
        book.faults.add("I2", `${place}#${seq} is missing in what it claims to have`);
  }
}

const FIELDS = [...IDENTITY, "rev", ...STATE] as const;

function checkMessage(book: Book, at: string, kept: Kept | undefined, held: Message): void {
  if (!kept) return book.faults.add("I3", `${at} is not in the history`);
  const { message } = kept;
  const wrong = differing(message, held, FIELDS);
  if (wrong)
    book.faults.add(
      "I16",
      `${at}: ${wrong} is ${brief(held[wrong])}, not ${brief(message[wrong])}`,
    );
  const body = held.truncated ? message.body : wholeBody(kept, message);
  if (!wrong && held.body !== body)
    book.faults.add("I11", `${at}: body is ${brief(held.body)}, not ${brief(body)}`);
}
