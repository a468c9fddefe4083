/** At rest feeds have told everything, and what is unread follows from the messages alone: I10, I15, I16. */
import { homeIn } from "./book.ts";
import type { Book, ChannelBook, HomeBook, Own } from "./book.ts";
import { checkTold } from "./feeds.ts";
import { checkText } from "./history.ts";

export function checkHistories(book: Book): void {
  for (const channel of book.channels.values()) {
    checkTold(book, channel.id);
    for (let seq = 1; seq <= channel.head; seq++) {
      const kept = channel.kept[seq - 1];
      if (kept) checkText(book, kept);
      else book.faults.add("I7", `${channel.id}#${seq} is missing of #${channel.head}`);
    }
    for (const user_id of channel.stays.keys()) checkUnread(book, channel, homeIn(book, user_id));
  }
}

function checkUnread(book: Book, channel: ChannelBook, home: HomeBook): void {
  const own = home.owns.get(channel.id)?.at(-1);
  if (!own || own.left_pos !== Infinity) return;
  let unread = 0;
  for (let seq = own.read + 1; seq <= own.head; seq++)
    if (counts(channel, home, own, seq)) unread++;
  if (unread !== own.counted.size)
    book.faults.add(
      "I15",
      `${channel.id} has ${unread} unread for ${home.id}, the feed makes it ${own.counted.size}`,
    );
}

function counts(channel: ChannelBook, home: HomeBook, own: Own, seq: number): boolean {
  const message = channel.kept[seq - 1]?.message;
  if (!message || message.kind !== "text" || message.deleted_at !== undefined) return false;
  return message.sender_id !== home.id && !own.hidden.has(seq);
}
