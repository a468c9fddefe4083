/** Feed rows of a message = members at its seq: I10. */
import type { ChannelId, Seq } from "@damso/protocol";
import type { Book } from "./book.ts";
import type { Reading } from "./evidence.ts";
import { amount, counted, finding } from "./finding.ts";
import type { Fault, Finding } from "./finding.ts";
import { isMemberAt } from "./membership.ts";

export function checkFeedRows(book: Book): Finding {
  return finding("I10", "feed rows = members", (fault) => {
    let rows = 0;
    let messages = 0;
    for (const { length } of book.history.values()) messages += length;
    for (const reading of book.readings) rows += checkReading(book, reading, fault);
    const feeds = amount(book.readings.length);
    return `${counted(messages, "messages", fault)}, ${counted(rows, "rows", fault)} in ${feeds} feeds`;
  });
}

function checkReading(book: Book, { name, user_id, feed }: Reading, fault: Fault): number {
  const told = new Map<ChannelId, Map<Seq, number>>();
  let rows = 0;
  for (const { type, channel, seq } of feed) {
    if (type !== "message" || channel === undefined || seq === undefined) continue;
    rows++;
    const times = told.get(channel) ?? new Map<Seq, number>();
    times.set(seq, (times.get(seq) ?? 0) + 1);
    told.set(channel, times);
    if (book.at(channel, seq) === undefined)
      fault(`the feed of ${name} has ${book.place(channel, seq)}, which is not in the history`);
  }
  for (const [channel, messages] of book.history) {
    const stays = book.stays(channel, user_id);
    for (const { seq } of messages) {
      const times = told.get(channel)?.get(seq) ?? 0;
      const due = isMemberAt(stays, seq) ? 1 : 0;
      if (times !== due)
        fault(
          `the feed of ${name} has ${book.place(channel, seq)} ${times} times instead of ${due}`,
        );
    }
  }
  return rows;
}
