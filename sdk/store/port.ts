/**
 * What a device keeps: its cursor, channels, messages and outbox.
 * One `apply` is one transaction: all of it is there after a crash, or nothing (invariant I2). Contract: store/contract.testing.ts.
 */
import type { Channel, ChannelId, ClientId, FeedId, Message, Pos, Seq } from "@damso/protocol";
import type { Pending } from "../api.ts";

/** `partial`: the channel list is being loaded since a reset; a restart loads it again from its start. */
export type Cursor = { id: FeedId; pos: Pos; partial?: boolean };

/** A stretch of seqs, both ends included, of which every visible message is stored. */
export type Range = readonly [from: Seq, to: Seq];

/** `channel.pos` is the newest feed position applied to it; `ranges` ascend and do not touch. */
export type ChannelRecord = { channel: Channel; ranges: readonly Range[] };

/** `order` sorts the queue of this device. */
export type OutboxRecord = Pending & { order: number };

/** `put` merges with what is stored by `mergeMessage`; `cut` deletes a stretch, `wipe` all messages. */
export type MessageStep =
  | { put: Message }
  | { cut: ChannelId; from: Seq; to: Seq }
  | { wipe: true };

export type Change = {
  cursor?: Cursor;
  channels: Map<ChannelId, ChannelRecord | null>;
  /** Carried out in order. */
  messages: MessageStep[];
  outbox: Map<ClientId, OutboxRecord | null>;
};

export type Snapshot = {
  cursor: Cursor | undefined;
  channels: ChannelRecord[];
  /** Ascending by `order`. */
  outbox: OutboxRecord[];
};

export type Store = {
  /** Messages of a channel that are kept at least; older ones that nobody reads are let go. Undefined: all are kept. */
  keep?: number;
  load: () => Promise<Snapshot>;
  /** The stored messages with from <= seq <= to, ascending. */
  messages: (channel: ChannelId, from: Seq, to: Seq) => Promise<Message[]>;
  /** One transaction. Rejects when nothing of it was stored. */
  apply: (change: Change) => Promise<void>;
  close: () => Promise<void>;
  /** Closes and deletes everything. */
  destroy: () => Promise<void>;
};
