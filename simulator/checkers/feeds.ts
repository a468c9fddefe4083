/** Rows of `feed` as they are committed: I6, I7, I9, I10, I15, I18. */
import type { ChannelId, Pos, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import type { FeedRow, PutOf } from "@damso/core/tables";
import { count, homeIn, keptAt, ownOf } from "./book.ts";
import type { Book, HomeBook, Kept, Own } from "./book.ts";
import { newOwn, takeHidden, takeMessage, takeRead, takeSettings, takeUpdate } from "./owns.ts";
import { openStay, stayAt } from "./stays.ts";

/** An entry of this commit that may be worth a notification. */
export type Entered = {
  home: HomeBook;
  own: Own;
  pos: Pos;
  kept: Kept;
  mention: boolean;
  /** As it was at this entry: a later one of the same commit may have changed it. */
  muted_until: string | undefined;
};

/** One entry with everything that is judged of it. */
type At = { book: Book; home: HomeBook; pos: Pos; place: string; entered: Entered[] };

/** As many entries stay at least, and none is younger when it goes: rule S8. */
const PROMISED = { entries: 10_000, ms: 90 * 24 * 3600 * 1000 };
/**
 * How far ahead a time of a message may be: clocks of servers that nobody touches differ by a fifth of a second at most, and
 * after a start Snowflakes go on a second later than they had been promised to be below.
 */
const AHEAD_MS = 1200;

export function putFeed(book: Book, put: PutOf<"feed">, entered: Entered[]): void {
  const [user_id, pos] = put.key;
  const home = homeIn(book, user_id);
  if (put.row === null) return trim(book, home, pos);
  const place = `feed of ${user_id} at ${pos}`;
  if (home.feed[pos - 1]) return book.faults.add("I7", `${place}: a second entry`);
  if (pos !== home.head + 1) book.faults.add("I7", `${place} comes after ${home.head}`);
  home.feed[pos - 1] = put.row;
  home.head = Math.max(home.head, pos);
  count(book, "entries");
  apply({ book, home, pos, place, entered }, put.row);
}

/** The oldest entry goes: nothing may be missing behind it, or be made anew without it, before its time. */
function trim(book: Book, home: HomeBook, pos: Pos): void {
  const place = `feed of ${home.id}: ${pos} of ${home.head}`;
  const { entries, ms } = book.options.feed_kept ?? PROMISED;
  const age = ageOf(book, home.feed[pos - 1]);
  if (pos !== home.tail + 1)
    book.faults.add("I2", `${place} was thrown away, and the oldest is ${home.tail + 1}`);
  if (pos > home.covered) book.faults.add("I13", `${place} was thrown away before it was covered`);
  if (home.head - pos < entries || (ms > 0 && age !== undefined && age < ms - AHEAD_MS))
    book.faults.add("I2", `${place} was thrown away too early, ${age} ms old`);
  home.tail = Math.max(home.tail, pos);
}

/** At the most: an entry is not older than what it is about. Only messages say when they came, or were seen to come. */
function ageOf(book: Book, row: FeedRow | undefined): number | undefined {
  if (row?.kind !== "message") return undefined;
  const kept = keptAt(book, row.channel, row.seq);
  if (!kept) return undefined;
  return book.options.now() - Math.min(Date.parse(kept.message.created_at), kept.since_ms);
}

function apply(at: At, row: FeedRow): void {
  if (row.kind === "account") return;
  if (row.kind === "channel") return applyChannel(at, row);
  const own = ownOf(at.home, row.channel);
  if (!own) {
    const what = `${at.place}: ${row.kind} of ${row.channel}, where the user is not`;
    return at.book.faults.add(row.kind === "message" ? "I10" : "I9", what);
  }
  touch(at, own);
  applyOwn(at, own, row);
  if ("unread" in row) checkCounts(at, own, row);
}

function touch({ book, pos }: At, own: Own): void {
  [own.touched, own.touched_ms] = [pos, book.options.now()];
}

type Of<K extends FeedRow["kind"]> = Extract<FeedRow, { kind: K }>;

function applyOwn(at: At, own: Own, row: Exclude<FeedRow, Of<"account" | "channel">>): void {
  switch (row.kind) {
    case "message":
      applyMessage(at, own, row);
      return takeMessage(own, at.pos, row);
    case "message_updated":
      checkUpdate(at, own, row);
      return takeUpdate(own, row);
    case "message_hidden":
      return takeHidden(own, at.pos, row.seq);
    case "read":
      checkRead(at, own, row);
      return takeRead(own, row.seq);
    case "channel_settings":
      checkClear(at, own, row);
      return takeSettings(own, at.pos, row.set);
    case "channel_left":
      return applyLeft(at, own);
  }
}

function applyChannel(at: At, row: Of<"channel">): void {
  const { book, home, pos, place } = at;
  const { channel, joined } = row;
  const own = ownOf(home, channel);
  if (own) touch(at, own);
  if (!joined) {
    if (!own) book.faults.add("I18", `${place}: channel ${channel}, where the user is not`);
    return;
  }
  if (own) book.faults.add("I10", `${place}: joins ${channel} a second time`);
  const stay = joinedStay(book, home.id, row);
  if (!stay)
    book.faults.add("I9", `${place}: joins ${channel} at #${joined.seq}, the order does not`);
  else if (stay.visible_from > 0 && stay.visible_from !== joined.visible_from)
    book.faults.add(
      "I9",
      `${place}: sees ${channel} from #${joined.visible_from}, not #${stay.visible_from}`,
    );
  const owns = home.owns.get(channel) ?? [];
  owns.push(newOwn(channel, pos, joined, book.options.now()));
  home.owns.set(channel, owns);
}

function joinedStay(book: Book, user_id: UserId, { channel, joined }: Of<"channel">) {
  const stays = book.channels.get(channel)?.stays.get(user_id);
  return stays?.find(({ from }) => from === Math.max(joined?.seq ?? 0, 1));
}

function applyLeft(at: At, own: Own): void {
  const { book, home, pos, place } = at;
  own.left_pos = pos;
  const stays = book.channels.get(own.channel)?.stays.get(home.id);
  const stay = stays?.find(({ from }) => from === Math.max(own.joined_seq, 1));
  if (!stay || stay.until === Infinity)
    return book.faults.add("I9", `${place}: leaves ${own.channel}, the order does not say so`);
  if (own.next !== stay.until)
    book.faults.add(
      "I10",
      `${place}: left ${own.channel} at #${stay.until}, and #${own.next} never came`,
    );
}

function applyMessage(at: At, own: Own, row: Of<"message">): void {
  const { book, home, place } = at;
  const { channel, seq } = row;
  const kept = keptAt(book, channel, seq);
  if (!kept) return book.faults.add("I3", `${place}: ${channel}#${seq} is not in the history`);
  const member = book.channels.get(channel);
  if (member && !stayAt(member, home.id, seq))
    book.faults.add("I10", `${place}: ${channel}#${seq} is told to someone who is no member there`);
  if (seq !== own.next)
    book.faults.add("I10", `${place}: ${channel}#${seq} comes where #${own.next} belongs`);
  const { message } = kept;
  const skip = message.kind === "system" || message.sender_id === home.id;
  if (skip !== (row.skip === true))
    book.faults.add("I15", `${place}: ${channel}#${seq} ${skip ? "counts" : "does not count"}`);
  const first = kept.states[1];
  const mention = !skip && first !== undefined && names(first, home.id);
  if (first && mention !== (row.mention === true))
    book.faults.add("I15", `${place}: ${channel}#${seq} names the user: ${mention}`);
  const { muted_until } = own;
  if (!skip)
    at.entered.push({ home, own, pos: at.pos, kept, mention: row.mention === true, muted_until });
}

function names({ mentions }: Message, user_id: UserId): boolean {
  return mentions?.includes("all") === true || mentions?.includes(user_id) === true;
}

function checkUpdate(at: At, own: Own, row: Of<"message_updated">): void {
  const { book, home, place } = at;
  const { channel, seq } = row;
  const kept = keptAt(book, channel, seq);
  if (!kept) return book.faults.add("I3", `${place}: ${channel}#${seq} is not in the history`);
  if (seq < own.visible_from)
    book.faults.add(
      "I9",
      `${place}: a change of ${channel}#${seq}, seen from #${own.visible_from}`,
    );
  if (seq >= own.next)
    book.faults.add("I6", `${place}: a change of ${channel}#${seq} before the message itself`);
  const { deleted_at, sender_id } = kept.message;
  const gone = deleted_at !== undefined && sender_id !== home.id;
  // In another shard the channel may be further on than its tells.
  const wrong = book.options.coalesced ? row.skip && !gone : (row.skip === true) !== gone;
  if (wrong) book.faults.add("I15", `${place}: ${channel}#${seq} is deleted: ${gone}`);
}

function checkRead(at: At, own: Own, row: Of<"read">): void {
  const { book, place } = at;
  if (row.seq < own.read)
    book.faults.add(
      "I15",
      `${place}: read of ${row.channel} goes from #${own.read} to #${row.seq}`,
    );
  const head = book.channels.get(row.channel)?.head ?? 0;
  if (row.seq > head)
    book.faults.add("I15", `${place}: read of ${row.channel} up to #${row.seq} of #${head}`);
}

function checkClear(at: At, own: Own, row: Of<"channel_settings">): void {
  const to = row.set.cleared_to;
  if (typeof to === "number" && to < own.cleared_to)
    at.book.faults.add(
      "I15",
      `${at.place}: ${row.channel} cleared to #${own.cleared_to} and then #${to}`,
    );
}

/** Mentions are counted up to here: a screen says "99+" long before. */
const MENTIONS_COUNTED = 1000;

function checkCounts(
  at: At,
  own: Own,
  row: { channel: ChannelId; unread: number; unread_mentions: number },
): void {
  const { unread, unread_mentions } = row;
  const { size } = own.mentions;
  if (unread !== own.counted.size)
    at.book.faults.add(
      "I15",
      `${at.place}: ${row.channel} has ${own.counted.size} unread, not ${unread}`,
    );
  if (size < MENTIONS_COUNTED && unread_mentions !== size)
    at.book.faults.add(
      "I15",
      `${at.place}: ${row.channel} has ${size} mentions, not ${unread_mentions}`,
    );
}

/** Whether the member's feed says that he is in it, as the order does. At rest. */
export function checkTold(book: Book, channel: ChannelId): void {
  const known = book.channels.get(channel);
  if (!known || known.head === 0) return;
  for (const user_id of known.stays.keys()) {
    const own = ownOf(homeIn(book, user_id), channel);
    const stay = openStay(known, user_id);
    const place = `feed of ${user_id}: ${channel}`;
    if (!stay && own) book.faults.add("I10", `${place} was left and that was not told`);
    if (stay && !own) book.faults.add("I10", `${place} was joined and that was not told`);
    if (stay && own && own.next !== known.head + 1)
      book.faults.add("I10", `${place}#${own.next} of #${known.head} never came`);
  }
}
