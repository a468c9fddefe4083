/** Rows of `user_channels`, `users` and `channels`: what memory is read back from. I13, I15, I19. */
import type { ChannelRow, PutOf, UserChannelRow } from "@damso/core/tables";
import { channelIn, homeIn, ownOf } from "./book.ts";
import type { Book, ChannelBook, HomeBook, Own } from "./book.ts";
import { noteVisible } from "./stays.ts";

export function putChannel(book: Book, put: PutOf<"channels">): ChannelBook {
  const [id] = put.key;
  const channel = channelIn(book, id);
  const { row } = put;
  if (!row) {
    book.faults.add("I1", `${id} was deleted`);
    return channel;
  }
  noteVisible(book, channel, row);
  checkFixed(book, channel, row);
  channel.row = row;
  if (!book.options.coalesced) noteBlocks(channel);
  return channel;
}

/** Where only the last row of a commit is known, at its end: a block may have come behind its messages. */
export function noteBlocks(channel: ChannelBook): void {
  channel.blocked = (channel.row?.blocked_by.length ?? 0) > 0;
}

function checkFixed(book: Book, { id, row: before }: ChannelBook, row: ChannelRow): void {
  if (!before) return;
  if (before.kind !== row.kind || before.created_by !== row.created_by)
    book.faults.add("I13", `${id} became another channel`);
  if (before.created_at !== row.created_at || before.client_id !== row.client_id)
    book.faults.add("I13", `${id} was created a second time`);
}

export function putUser(book: Book, put: PutOf<"users">): void {
  const home = homeIn(book, put.key[0]);
  const { row } = put;
  if (!row) return book.faults.add("I13", `the row of ${home.id} was deleted`);
  const place = `${home.id} covers ${row.covered} and keeps from ${row.tail}`;
  if (row.covered < home.covered) book.faults.add("I13", `${place}, it covered ${home.covered}`);
  if (row.tail > row.covered) book.faults.add("I13", `${place}: what is not covered is gone`);
  home.covered = row.covered;
  home.tail_said = row.tail;
}

/** At the end of a commit: a row that covers what is not there would be read back as the truth. */
export function checkCovered(book: Book, put: PutOf<"users">): void {
  const home = homeIn(book, put.key[0]);
  if (home.covered > home.head)
    book.faults.add("I13", `${home.id} covers ${home.covered}, its feed ends at ${home.head}`);
  // Who asks for what is gone would not be told so, or is sent away though nothing of it is missing.
  if (home.tail_said !== home.tail)
    book.faults.add(
      "I2",
      `${home.id} keeps from ${home.tail_said}, thrown away was up to ${home.tail}`,
    );
}

/** The row against the entries so far. */
export function checkOwnRow(book: Book, put: PutOf<"user_channels">): void {
  const [user_id, channel] = put.key;
  const home = homeIn(book, user_id);
  const own = ownOf(home, channel);
  const place = `row of ${user_id} and ${channel}`;
  if (!put.row) {
    // Of a commit only the last row is known: he may have come back after what this one covers.
    const back =
      book.options.coalesced === true && own !== undefined && own.joined_pos > home.covered;
    if (own && !back) book.faults.add("I13", `${place} was deleted while the user is in it`);
    return;
  }
  if (put.row.pos > home.head)
    return book.faults.add("I13", `${place} covers ${put.row.pos}, the feed ends at ${home.head}`);
  if (!own) {
    if (!isPast(home, put)) book.faults.add("I13", `${place} is kept for someone who left`);
    return;
  }
  // Entries after the row's position are on top of it.
  if (own.touched > put.row.pos) return;
  const wrong = differs(own, put.row);
  if (wrong) book.faults.add("I15", `${place} at ${put.row.pos}: ${wrong}`);
}

/** A row from before the leaving, in a commit that has both. */
function isPast(home: HomeBook, { key, row }: PutOf<"user_channels">): boolean {
  const last = home.owns.get(key[1])?.at(-1);
  return last !== undefined && row !== null && row.pos < last.left_pos;
}

function differs(own: Own, row: UserChannelRow): string | undefined {
  let skipped = 0;
  for (const [, , skips] of row.skipped) skipped += skips;
  let hidden = 0;
  for (const [from, to] of row.hidden) hidden += to - from + 1;
  const pairs: [string, unknown, unknown][] = [
    ["visible_from", own.visible_from, row.visible_from],
    ["head", own.head, row.head],
    ["read", own.read, row.read],
    ["unread", own.counted.size, row.head - row.read - skipped],
    ["mentions", Math.min(own.mentions.size, 1000), row.mentions.length],
    ["hidden", own.hidden.size, hidden],
    ["cleared_to", own.cleared_to, row.cleared_to],
    ["muted_until", own.muted_until, row.muted_until],
    ["pinned", own.pinned, row.pinned === true],
    ["draft", own.draft, row.draft],
    ["unread_mark", own.unread_mark, row.unread_mark === true],
    ["push_level", own.push_level, row.push_level],
    ["activity", own.activity, row.activity],
  ];
  const found = pairs.find(([, due, is]) => due !== is);
  return found && `${found[0]} is ${String(found[2])}, the feed makes it ${String(found[1])}`;
}
