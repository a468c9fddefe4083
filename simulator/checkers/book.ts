/** Everything that was ever durable, as the checkers keep it: built from commits alone, never from what the server says. */
import { directMembers } from "@damso/protocol/ids";
import type { ChannelId, ClientId, MessageId, Pos, Seq, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import type { ChannelRow, FeedRow, Put, TableName } from "@damso/core/tables";
import { createFaults } from "./faults.ts";
import type { Faults } from "./faults.ts";

export type CheckerOptions = {
  /** Server time in ms. */
  now: () => number;
  /** How long a revoked session may still be served: 1 s, or 60 s where the network is cut. */
  revoke_grace_ms?: number;
  /** How much of each feed has to stay; `ms` is 0 where nobody can tell the age of an entry. Absent: rule S8. */
  feed_kept?: { entries: number; ms: number };
  /** A commit names each row once, as it stands at its end: the sharded store does so. */
  coalesced?: boolean;
  /** What nodes tell each other in passing may be lost. */
  lossy?: boolean;
  /** Whether this user has a subscription now and lets every message through. Absent: missing rows are not looked for. */
  pushes_to?: (user_id: UserId) => boolean;
  /** Bytes that may wait in a socket. */
  socket_bytes_max?: number;
  faults_max?: number;
  /** Hears of each fault at the moment it is found. */
  found?: (rule: string, what: string) => void;
};

/** One message and all its states. */
export type Kept = {
  /** The row as it stands. */
  message: Message;
  /** The states by `rev`; with holes where a commit wrote only the last of several. */
  states: (Message | undefined)[];
  /** The whole texts by `body_rev`. */
  bodies: (string | undefined)[];
  /** It has a row in `bodies`. */
  apart: boolean;
  /** When it was committed, in steps and in ms. */
  since: number;
  since_ms: number;
  /** When it was last changed. */
  changed_ms: number;
  /** The newest state that anybody was told, and since when. */
  told_rev: number;
  told_at: number;
};

/** A time as a member: of the seqs `from` up to and without `until`. `visible_from` is 0 until a row has said it. */
export type Stay = { from: Seq; until: Seq; visible_from: Seq; ended_ms: number };

export type ChannelBook = {
  id: ChannelId;
  head: Seq;
  row: ChannelRow | undefined;
  /** By seq - 1; a hole is a fault. */
  kept: (Kept | undefined)[];
  stays: Map<UserId, Stay[]>;
  blocked: boolean;
  /** The newest seq that anybody was told. */
  told: Seq;
  /** By sender and client id: the row of `sends`, and the message. */
  sends: Map<string, Seq>;
  sent: Map<string, Kept>;
};

/** The own state of a channel from one join to the leaving, as the feed tells it. */
export type Own = {
  channel: ChannelId;
  joined_pos: Pos;
  joined_seq: Seq;
  left_pos: Pos;
  visible_from: Seq;
  /** The seq of the message that the feed has to bring next. */
  next: Seq;
  head: Seq;
  read: Seq;
  /** The messages above `read` that count, and those that name the user. */
  counted: Set<Seq>;
  mentions: Set<Seq>;
  hidden: Map<Seq, Pos>;
  clears: { pos: Pos; to: Seq }[];
  cleared_to: Seq;
  muted_until: string | undefined;
  pinned: boolean;
  draft: string | undefined;
  unread_mark: boolean;
  push_level: string | undefined;
  activity: Pos;
  /** The last entry about it, and when it came. */
  touched: Pos;
  touched_ms: number;
};

export type HomeBook = {
  id: UserId;
  /** By pos - 1: everything that ever was in it, also what is not there any more. */
  feed: (FeedRow | undefined)[];
  head: Pos;
  /** Up to here its entries were thrown away, and up to where its row says so. */
  tail: Pos;
  tail_said: Pos;
  covered: Pos;
  /** The last is the present one, unless it has ended. */
  owns: Map<ChannelId, Own[]>;
  /** The newest position that any device was told. */
  told: Pos;
};

export type StoredRow = { key: readonly (string | number)[]; row: Put["row"] };

export type Book = {
  options: CheckerOptions;
  faults: Faults;
  /** Rises with everything that the run tells. */
  step: number;
  channels: Map<ChannelId, ChannelBook>;
  homes: Map<UserId, HomeBook>;
  ids: Map<MessageId, Kept>;
  by_client: Map<ClientId, Kept[]>;
  rows: Map<TableName, Map<string, StoredRow>>;
  counts: Record<string, number>;
};

export function createBook(options: CheckerOptions): Book {
  return {
    options,
    faults: createFaults(options.faults_max, options.found),
    step: 0,
    channels: new Map(),
    homes: new Map(),
    ids: new Map(),
    by_client: new Map(),
    rows: new Map(),
    counts: {},
  };
}

/** Takes everything durable out of the book. */
export function emptyBook(book: Book): void {
  for (const map of [book.channels, book.homes, book.ids, book.by_client, book.rows]) map.clear();
}

export function count(book: Book, what: string, by = 1): void {
  book.counts[what] = (book.counts[what] ?? 0) + by;
}

export function channelIn(book: Book, id: ChannelId): ChannelBook {
  const found = book.channels.get(id);
  if (found) return found;
  const made: ChannelBook = {
    id,
    head: 0,
    row: undefined,
    kept: [],
    stays: new Map(),
    blocked: false,
    told: 0,
    sends: new Map(),
    sent: new Map(),
  };
  // Both sides of a direct channel are in it from the start and for ever.
  for (const user_id of directMembers(id) ?? [])
    made.stays.set(user_id, [{ from: 1, until: Infinity, visible_from: 1, ended_ms: Infinity }]);
  book.channels.set(id, made);
  return made;
}

export function homeIn(book: Book, id: UserId): HomeBook {
  const found = book.homes.get(id);
  if (found) return found;
  const made: HomeBook = {
    id,
    feed: [],
    head: 0,
    tail: 0,
    tail_said: 0,
    covered: 0,
    owns: new Map(),
    told: 0,
  };
  book.homes.set(id, made);
  return made;
}

export function keptAt(book: Book, channel: ChannelId, seq: Seq): Kept | undefined {
  return book.channels.get(channel)?.kept[seq - 1];
}

/** The present own state, or undefined for someone who is not in it. */
export function ownOf(home: HomeBook, channel: ChannelId): Own | undefined {
  const own = home.owns.get(channel)?.at(-1);
  return own && own.left_pos === Infinity ? own : undefined;
}

export const sendKey = (sender: UserId, client_id: ClientId): string => `${sender}/${client_id}`;

/** The whole text of a state, if it is known. */
export function wholeBody(kept: Kept, state: Message): string | undefined {
  return state.truncated ? kept.bodies[state.body_rev] : state.body;
}
