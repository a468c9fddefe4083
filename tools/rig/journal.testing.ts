/**
 * What clients did and saw, written down while it happens, for a checker that asks afterwards whether the server kept
 * its word. It outlives crashes of the server, because it is ours.
 */
import type { ErrorCode } from "@damso/protocol/codes";
import type { ChannelId, ClientId, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";

/** What names a message's place for ever. */
export type Place = { seq: number; message_id: string; created_at: string };

/** One message that a device wants to send, however often it has to ask. */
export type SendNote = {
  device: string;
  user_id: UserId;
  channel: ChannelId;
  client_id: ClientId;
  body: string;
  tries: number;
  /** The first answer; that all are equal is checked as they come. */
  place?: Place;
  refused?: ErrorCode;
  /** A copy of it may still come to the server by a connection that was given up: a refusal settles nothing. */
  stray?: boolean;
  /** When it was said first, and when it was answered. */
  since_ms?: number;
  until_ms?: number;
};

/** An edit or deletion that was acknowledged with this `rev`. */
export type ChangeNote = { channel: ChannelId; seq: number; rev: number; body?: string };

/** What a feed says at one position, as far as it never changes. */
export type EntryNote = { type: string; channel?: string; seq?: number };

/** What was seen of one message, by anyone. */
export type Sight = {
  message_id: string;
  sender_id: string;
  client_id: string | undefined;
  created_at: string;
  rev: number;
  /** Bodies by revision, whole ones only. */
  bodies: Map<number, string | undefined>;
};

/** A device's feed: how many of its first entries were forgotten, and those after them. */
export type Feed = { gone: number; entries: EntryNote[] };

/** The part of a history that was checked and forgotten. */
export type Past = {
  /** Up to this seq. */
  seq: number;
  /** Who was a member there. */
  members: ReadonlySet<string>;
  /** By seq - 1: the sender of what counts as unread for the others, else an empty text. */
  senders: string[];
  /** Over all of it, in order. */
  hash: bigint;
};

/** What outlives forgetting. `later`: answers that ask for the same once more, as `unavailable` does. */
export type Counts = { acknowledged: number; retried: number; refused: number; later: number };

export type Journal = {
  sends: Map<string, SendNote>;
  /** Per device and channel, in the order of its sends. */
  order: Map<string, SendNote[]>;
  sights: Map<ChannelId, Map<number, Sight>>;
  feeds: Map<string, Feed>;
  changes: ChangeNote[];
  /** Highest read marker that was acknowledged, by user and channel. */
  reads: Map<string, number>;
  /** Broken promises that were noticed at once. */
  faults: string[];
  pasts: Map<ChannelId, Past>;
  counts: Counts;
};

export function createJournal(): Journal {
  return {
    sends: new Map(),
    order: new Map(),
    sights: new Map(),
    feeds: new Map(),
    changes: [],
    reads: new Map(),
    faults: [],
    pasts: new Map(),
    counts: { acknowledged: 0, retried: 0, refused: 0, later: 0 },
  };
}

export const sendKey = (user: string, channel: string, client_id: string): string =>
  `${user} ${channel} ${client_id}`;

export function noteSend(journal: Journal, note: SendNote): void {
  journal.sends.set(sendKey(note.user_id, note.channel, note.client_id), note);
  const lane = `${note.device} ${note.channel}`;
  const order = journal.order.get(lane);
  if (order) order.push(note);
  else journal.order.set(lane, [note]);
}

/** An answer `sent`: the first names the place, every later one has to name the same. Invariant I4. */
export function noteSent(journal: Journal, note: SendNote, answer: Place): void {
  const { seq, message_id, created_at } = answer;
  const place = { seq, message_id, created_at };
  if (!note.place) {
    note.place = place;
    note.until_ms = performance.now();
    journal.counts.acknowledged++;
    if (note.tries > 1) journal.counts.retried++;
  }
  if (!Bun.deepEquals(note.place, place)) {
    journal.faults.push(
      `[I4] ${note.client_id} was answered ${JSON.stringify(note.place)}, then ${JSON.stringify(place)}`,
    );
  }
}

/** A message in any state, from any page or event: who has seen it once must find it so again. */
export function noteMessage(journal: Journal, message: Message): void {
  if (message.unavailable) return;
  const { channel, seq, message_id, sender_id, client_id, created_at, rev } = message;
  let sights = journal.sights.get(channel);
  if (!sights) journal.sights.set(channel, (sights = new Map()));
  let sight = sights.get(seq);
  if (!sight) {
    sight = { message_id, sender_id, client_id, created_at, rev, bodies: new Map() };
    sights.set(seq, sight);
  }
  const same =
    sight.message_id === message_id &&
    sight.sender_id === sender_id &&
    sight.client_id === client_id &&
    sight.created_at === created_at;
  if (!same) journal.faults.push(`[I3] ${channel}/${seq} was two messages: ${message_id}`);
  sight.rev = Math.max(sight.rev, rev);
  noteBody(journal, message, sight);
}

function noteBody(journal: Journal, message: Message, sight: Sight): void {
  const { channel, seq, rev, body } = message;
  if (message.truncated) return;
  if (sight.bodies.has(rev) && sight.bodies.get(rev) !== body) {
    journal.faults.push(`[I16] ${channel}/${seq} had two bodies at rev ${rev}`);
  }
  sight.bodies.set(rev, body);
}

type AnyEvent = { type: string; pos: number; [field: string]: unknown };

/**
 * The event of a position that a device applies, or is told of once more: then it has to be the same.
 * Answers whether it was new. Invariants I2, I3, I7.
 */
export function noteEvent(journal: Journal, device: string, event: AnyEvent): boolean {
  const { message } = event as { message?: Message };
  if (message) noteMessage(journal, message);
  let feed = journal.feeds.get(device);
  if (!feed) journal.feeds.set(device, (feed = { gone: 0, entries: [] }));
  const { gone, entries } = feed;
  const note = entryOf(event);
  const local = gone + entries.length;
  if (event.pos > local + 1) {
    journal.faults.push(`[I7] ${device} is at ${local} and was told to apply ${event.pos}`);
    return false;
  }
  if (event.pos === local + 1) {
    entries.push(note);
    return true;
  }
  if (event.pos <= gone) return false;
  const known = entries[event.pos - gone - 1];
  if (!isSame(known, note)) {
    journal.faults.push(
      `[I3] ${device} at ${event.pos}: ${JSON.stringify(known)} became ${JSON.stringify(note)}`,
    );
  }
  return false;
}

/**
 * An entry that names a channel shows it as it is when it is read: to who is out of it at that moment as left, and to who
 * has joined again by the next reading as it is then.
 */
function isSame(known: EntryNote | undefined, now: EntryNote): boolean {
  const names = ({ type }: EntryNote): boolean => type === "channel" || type === "channel_left";
  const shown = known !== undefined && names(known) && names(now);
  return Bun.deepEquals(known, shown ? { ...now, type: known.type } : now);
}

function entryOf(event: AnyEvent): EntryNote {
  const { type, channel, seq, message } = event as AnyEvent & {
    channel?: string | { id: string };
    seq?: number;
    message?: Message;
  };
  const note: EntryNote = { type };
  if (typeof channel === "string") note.channel = channel;
  else if (channel) note.channel = channel.id;
  const place = message?.seq ?? seq;
  if (place !== undefined) note.seq = place;
  return note;
}
