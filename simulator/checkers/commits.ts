/** Takes a commit into the book, row by row in its order, and judges it at its end. */
import type { Put, PutOf } from "@damso/core/tables";
import { channelIn, count, emptyBook, homeIn } from "./book.ts";
import type { Book, ChannelBook, Kept } from "./book.ts";
import { checkCovered, checkOwnRow, noteBlocks, putChannel, putUser } from "./covers.ts";
import { putFeed } from "./feeds.ts";
import type { Entered } from "./feeds.ts";
import { checkBrought, putBody, putMessage, putSend } from "./history.ts";
import type { Brought } from "./history.ts";
import { checkMembers } from "./stays.ts";

/** What a commit brought, for the checkers that look at more than rows. */
export type Commit = Brought & {
  entered: Entered[];
  channels: Set<ChannelBook>;
  users: PutOf<"users">[];
  owns: PutOf<"user_channels">[];
  pushes: PutOf<"pushes">[];
};

export function takeCommit(book: Book, puts: readonly Put[]): Commit {
  const commit: Commit = {
    fresh: [],
    changed: new Set<Kept>(),
    sends: [],
    entered: [],
    channels: new Set(),
    users: [],
    owns: [],
    pushes: [],
  };
  count(book, "commits");
  count(book, "puts", puts.length);
  if (book.options.coalesced) looseBlocks(book, puts);
  for (const put of puts) takePut(book, put, commit);
  if (book.options.coalesced) for (const channel of commit.channels) noteBlocks(channel);
  checkBrought(book, commit);
  for (const channel of commit.channels) checkMembers(book, channel);
  for (const put of commit.users) checkCovered(book, put);
  for (const put of commit.owns) checkOwnRow(book, put);
  return commit;
}

/** Where only the last row is known, a block may have been lifted before the messages of its commit or after them. */
function looseBlocks(book: Book, puts: readonly Put[]): void {
  for (const put of puts) if (put.table === "channels") channelIn(book, put.key[0]).blocked = false;
}

function takePut(book: Book, put: Put, commit: Commit): void {
  take(book, put, commit);
  keepRow(book, put);
}

function take(book: Book, put: Put, commit: Commit): void {
  switch (put.table) {
    case "messages":
      return putMessage(book, put, commit);
    case "bodies":
      return putBody(book, put);
    case "sends":
      return putSend(book, put, commit);
    case "channels":
      return void commit.channels.add(putChannel(book, put));
    case "feed":
      return putFeed(book, put, commit.entered);
    case "users":
      putUser(book, put);
      return void commit.users.push(put);
    case "user_channels":
      // The last of several stands at the end; those before it are judged where they stand.
      if (!book.options.coalesced) checkOwnRow(book, put);
      else commit.owns.push(put);
      return;
    case "pushes":
      return void commit.pushes.push(put);
    case "tells":
      return takeTells(book, put);
    case "fed":
      return takeFed(book, put);
    case "marks":
    case "checkpoint":
    case "flushed":
      return;
  }
}

/** A number that is used again would be taken for what was applied already. */
function takeTells(book: Book, { key, row }: PutOf<"tells">): void {
  if (row && rowBefore(book, "tells", key))
    book.faults.add("I10", `shard ${key[0]} forwards number ${key[1]} a second time`);
}

function takeFed(book: Book, { key, row }: PutOf<"fed">): void {
  const before = rowBefore(book, "fed", key) as PutOf<"fed">["row"] | undefined;
  if (before && (row?.n ?? 0) <= before.n)
    book.faults.add("I10", `shard ${key[0]} applied ${row?.n} of ${key[1]} after ${before.n}`);
}

function rowBefore(book: Book, table: Put["table"], key: Key): Put["row"] | undefined {
  return book.rows.get(table)?.get(key.join("/"))?.row;
}

/** Every row as it was written last: what the store has to hold at rest. */
function keepRow(book: Book, { table, key, row }: Put): void {
  let rows = book.rows.get(table);
  if (!rows) book.rows.set(table, (rows = new Map()));
  const name = key.join("/");
  if (row === null) rows.delete(name);
  else rows.set(name, { key, row });
}

const ORDER = [
  "messages",
  "bodies",
  "sends",
  "channels",
  "feed",
  "user_channels",
  "users",
] as const;

/**
 * Begins anew with these rows. Own states are made from all entries of their feeds: those that had been thrown away by
 * then are known from when they came.
 */
export function takeRows(book: Book, rows: readonly Put[]): void {
  const gone = rows.flatMap((put) => trimmedBy(book, put));
  emptyBook(book);
  const sorted = [...rows, ...gone].toSorted(
    (a, b) => rank(a) - rank(b) || compare(a.key as Key, b.key as Key),
  );
  book.faults.silently(() => takeCommit(book, sorted));
  for (const put of gone) keepRow(book, { ...put, row: null });
  for (const put of rows) {
    if (put.table !== "users" || !put.row) continue;
    const home = homeIn(book, put.key[0]);
    home.covered = put.row.covered;
    home.tail = put.row.tail;
  }
}

/** The entries that the feed of this row has not any more. */
function trimmedBy(book: Book, { table, key, row }: Put): PutOf<"feed">[] {
  if (table !== "users" || !row) return [];
  const [user_id] = key;
  const known = homeIn(book, user_id).feed.slice(0, row.tail);
  return known.flatMap((entry, i) =>
    entry ? [{ table: "feed" as const, key: [user_id, i + 1] as const, row: entry }] : [],
  );
}

type Key = readonly (string | number)[];

function rank({ table }: Put): number {
  const at = (ORDER as readonly string[]).indexOf(table);
  return at < 0 ? ORDER.length : at;
}

function compare(a: Key, b: Key): number {
  const at = a.findIndex((part, i) => part !== b[i]);
  if (at < 0) return 0;
  return (a[at] ?? 0) < (b[at] ?? 0) ? -1 : 1;
}
