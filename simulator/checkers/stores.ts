/** What devices store, transaction by transaction: a cursor stands for everything up to it. I2, I3. */
import type { ChannelId, Pos, Seq } from "@damso/protocol/ids";
import type { FeedRow } from "@damso/core/tables";
import type { Change, ChannelRecord, Cursor, MessageStep } from "@damso/sdk/store/port";
import { homeIn, keptAt } from "./book.ts";
import type { Book, HomeBook, Own } from "./book.ts";
import { isSurelyIn } from "./stays.ts";
import type { Held, Who } from "./witness.ts";

/** What a device's store is known to hold; `blind`: it was put back to something that nobody here has seen. */
export type StoreBook = {
  where: string;
  cursor: Cursor | undefined;
  channels: Map<ChannelId, ChannelRecord>;
  /** The highest position of each since the store was begun anew. */
  tops: Map<ChannelId, Pos>;
  /** Messages put since the last cursor. */
  fresh: Map<ChannelId, Set<Seq>>;
  /** The highest state that was put of each message, since it was last taken out. */
  revs: Map<ChannelId, Map<Seq, number>>;
  blind: boolean;
};

export type Stores = Map<string, StoreBook>;

/** A page on top of what a slow store lets wait. */
const STEP_MAX = 5500;

function storeOf(stores: Stores, who: Who): StoreBook {
  const found = stores.get(who.device);
  if (found) return found;
  const made: StoreBook = {
    where: `store of ${who.device}`,
    cursor: undefined,
    channels: new Map(),
    tops: new Map(),
    fresh: new Map(),
    revs: new Map(),
    blind: false,
  };
  stores.set(who.device, made);
  return made;
}

export function takeRewind(stores: Stores, who: Who, cursor: Cursor | undefined): void {
  stores.delete(who.device);
  const store = storeOf(stores, who);
  store.cursor = cursor;
  store.blind = cursor !== undefined;
}

export function takeChange(book: Book, stores: Stores, who: Who, change: Change, held: Held): void {
  const store = storeOf(stores, who);
  const home = homeIn(book, who.user_id);
  const anew = change.messages.some((step) => "wipe" in step);
  if (anew) store.tops.clear();
  for (const [id, record] of change.channels) {
    if (record) checkForward(book, store, record);
    if (record) store.channels.set(id, record);
    else store.channels.delete(id);
  }
  for (const step of change.messages) {
    if (!("put" in step)) continue;
    const { channel, seq, rev } = step.put;
    const kept = keptAt(book, channel, seq);
    if (!kept || rev > kept.message.rev)
      book.faults.add("I3", `${store.where}: ${channel}#${seq} rev ${rev} is not committed`);
    const seqs = store.fresh.get(channel);
    if (seqs) seqs.add(seq);
    else store.fresh.set(channel, new Set([seq]));
  }
  checkRevs(book, store, change, held);
  // A reset names every channel that it finds.
  if (anew) store.blind = false;
  if (change.cursor) move(book, store, home, change.cursor);
}

/** A page may be older than an event that overtook it, and an event older than a page. */
function checkRevs(book: Book, { where, revs }: StoreBook, { messages }: Change, held: Held): void {
  for (const step of messages) takeRev(revs, step);
  for (const step of messages) {
    if (!("put" in step)) continue;
    const { channel, seq } = step.put;
    const known = revs.get(channel)?.get(seq);
    const rev = held(channel, seq)?.rev;
    if (known !== undefined && rev !== known)
      book.faults.add("I16", `${where}: ${channel}#${seq} goes back from rev ${known} to ${rev}`);
  }
}

function takeRev(revs: StoreBook["revs"], step: MessageStep): void {
  if ("wipe" in step) return revs.clear();
  const channel = "put" in step ? step.put.channel : step.cut;
  const seqs = revs.get(channel) ?? new Map<Seq, number>();
  revs.set(channel, seqs);
  if ("put" in step) {
    const { seq, rev } = step.put;
    seqs.set(seq, Math.max(rev, seqs.get(seq) ?? 0));
    return;
  }
  for (const seq of seqs.keys()) if (step.from <= seq && seq <= step.to) seqs.delete(seq);
}

/** What is older than what was applied changes nothing. */
function checkForward(
  book: Book,
  { where, tops }: StoreBook,
  { channel: { id, pos } }: ChannelRecord,
): void {
  const top = tops.get(id) ?? 0;
  tops.set(id, Math.max(top, pos));
  if (pos < top) book.faults.add("I2", `${where}: ${id} goes back from ${top} to ${pos}`);
}

function move(book: Book, store: StoreBook, home: HomeBook, cursor: Cursor): void {
  const before = store.cursor;
  const fault = (what: string): void => book.faults.add("I2", `${store.where}: ${what}`);
  if (cursor.pos > home.head)
    book.faults.add("I3", `${store.where}: at ${cursor.pos}, committed is ${home.head}`);
  // Begun anew: the list of channels that ends it is what counts.
  const anew = before?.id !== cursor.id || cursor.partial === true;
  if (!anew && !before.partial) {
    if (cursor.pos < before.pos) fault(`goes back from ${before.pos} to ${cursor.pos}`);
    if (cursor.pos > before.pos + STEP_MAX) fault(`jumps from ${before.pos} to ${cursor.pos}`);
    if (!store.blind) {
      for (let pos = before.pos + 1; pos <= cursor.pos; pos++)
        checkEffect(book, store, home, pos, fault);
    }
  }
  if (!anew && before.partial && !store.blind) checkList(book, store, home, cursor.pos);
  if (anew && cursor.partial !== true && before !== undefined)
    fault(`takes the feed ${cursor.id} for whole without its list of channels`);
  store.cursor = cursor;
  store.fresh.clear();
}

type Tell = (what: string) => void;

function checkEffect(book: Book, store: StoreBook, home: HomeBook, pos: Pos, fault: Tell): void {
  const row = home.feed[pos - 1];
  if (!row || row.kind === "account") return;
  const record = store.channels.get(row.channel);
  const place = `passes ${pos}, ${row.kind} of ${row.channel}`;
  if (!record) {
    const own = ownAt(home, row.channel, pos);
    // Who was removed is told so by whatever is about the channel, even before his feed has the entry.
    const isIn = isSurelyIn(book, home, row.channel);
    if (own && own.left_pos === Infinity && isIn) fault(`${place}, without the channel`);
    return;
  }
  if (record.channel.pos < pos && row.kind !== "channel_left")
    return fault(`${place}, and has the channel as of ${record.channel.pos}`);
  if (row.kind === "channel_left" && record.channel.pos < pos)
    return fault(`${place}, and keeps the channel`);
  if (row.kind === "message" || row.kind === "message_updated")
    checkMessage(store, home, row, place, fault);
}

function checkMessage(
  store: StoreBook,
  home: HomeBook,
  { channel, seq }: Extract<FeedRow, { kind: "message" | "message_updated" }>,
  place: string,
  fault: Tell,
): void {
  const [own, ...more] = home.owns.get(channel) ?? [];
  // Who left, or hid or cleared something, was perhaps shown the place alone.
  const plain = own && more.length === 0 && own.left_pos === Infinity;
  if (!plain || own.hidden.has(seq) || own.clears.some(({ to }) => to >= seq)) return;
  if (!store.fresh.get(channel)?.has(seq)) fault(`${place}#${seq}, without the message`);
}

/** The stay that this position is in. */
function ownAt(home: HomeBook, channel: ChannelId, pos: Pos): Own | undefined {
  return home.owns.get(channel)?.findLast(({ joined_pos }) => joined_pos <= pos);
}

/** After a reset the list is whole: the channels that the user is in, each read again. */
function checkList(book: Book, store: StoreBook, home: HomeBook, pos: Pos): void {
  const place = `${store.where}: at ${pos} ends its list`;
  for (const [id, owns] of home.owns) {
    const own = owns.at(-1);
    if (!own || own.left_pos !== Infinity || own.joined_pos > pos || store.channels.has(id))
      continue;
    // Who was removed is not listed, even before his feed says so.
    if (isSurelyIn(book, home, id)) book.faults.add("I2", `${place} without ${id}`);
  }
  for (const [id, { channel }] of store.channels)
    if (channel.pos === 0) book.faults.add("I2", `${place} with ${id} unread`);
}
