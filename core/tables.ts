/**
 * The tables of the key-value store: same names as LevelDB key spaces and as wide-column tables with real columns.
 * The first key column is the partition, the rest cluster inside it in order. Rule S1.
 */
import type {
  ChannelId,
  ClientId,
  DeviceId,
  Pos,
  Seq,
  SessionId,
  UserId,
} from "@damso/protocol/ids";
import type { ChannelSettings, Role } from "@damso/protocol/schema/channel";
import type { Message } from "@damso/protocol/schema/message";
import type { PushLevel } from "./ports/directory.ts";
import type { RemoteTell } from "./shard/decision.ts";
import type { Ranges } from "./user/ranges.ts";
import type { Skips } from "./user/skips.ts";

export type MembershipRow = { user_id: UserId; role: Role; joined_at_seq: Seq; visible_from: Seq };

/** Rewritten only when one of its fields changes; the head is the last row of `messages`, never a second copy. */
export type ChannelRow = {
  kind: "direct" | "group";
  created_at: string;
  created_by: UserId;
  client_id?: ClientId;
  name?: string;
  avatar?: string;
  settings: ChannelSettings;
  blocked_by: UserId[];
  closed?: boolean;
  /** Client ids up to this time (ms) are always looked up: a sender's clock was that far ahead. */
  ahead?: number;
  pins: Seq[];
  members: MembershipRow[];
};

/** Read and delivered watermarks per member; written lazily, the only rows of which a crash may forget 60 s. */
export type MarksRow = { marks: [UserId, read: Seq, delivered: Seq][] };

/** The home's own row: everything up to `covered` is in `user_channels`; entries above `tail` are kept in `feed`. */
export type UserRow = {
  covered: Pos;
  tail: Pos;
  /** Coarse ages of feed positions, oldest first: what trimming by time is decided on. */
  ages: [pos: Pos, at_ms: number][];
  last_active_at?: number;
  /** Sessions that were ended, newest last: nobody attaches them again, whatever a gateway has not heard. */
  revoked?: SessionId[];
};

type Counted = { channel: ChannelId; unread: number; unread_mentions: number };

/** References, not bodies: one small row per member and event. */
export type FeedRow =
  | ({ kind: "message"; seq: Seq; skip?: true; mention?: true } & Counted)
  | ({ kind: "message_updated"; seq: Seq; skip?: true; mention?: true } & Counted)
  | ({ kind: "message_hidden"; seq: Seq; skip?: true } & Counted)
  | { kind: "channel"; channel: ChannelId; joined?: { seq: Seq; visible_from: Seq } }
  | { kind: "channel_left"; channel: ChannelId; reason: "left" | "removed" | "deleted" }
  | ({ kind: "read"; seq: Seq; rest?: number } & Counted)
  | ({ kind: "channel_settings"; set: OwnSettings; rest?: number } & Counted)
  | { kind: "account"; changed: AccountChange; user_id?: UserId };

export type AccountChange = "profile" | "contacts" | "blocks" | "devices" | "settings";

/** A field absent stays, `null` clears. */
export type OwnSettings = {
  muted_until?: string | null;
  pinned?: boolean | null;
  draft?: string | null;
  cleared_to?: Seq | null;
  unread_mark?: boolean | null;
  push_level?: PushLevel | null;
};

/** One member's own state of one channel, as of feed position `pos`. */
export type UserChannelRow = {
  pos: Pos;
  /** Position of the newest message: what lists are ordered by. */
  activity: Pos;
  visible_from: Seq;
  head: Seq;
  read: Seq;
  /** Own, system, deleted and hidden messages above `read`. */
  skipped: Skips;
  mentions: Seq[];
  hidden: Ranges;
  cleared_to: Seq;
  muted_until?: string;
  pinned?: true;
  draft?: string;
  unread_mark?: true;
  push_level?: PushLevel;
};

export type PushRow = {
  channel: ChannelId;
  seq: Seq;
  mention?: true;
  /** `read`: what is shown up to `seq` is to go. `edit`: what is shown says something else now. `badge`: less is unread in all. */
  change?: "read" | "edit" | "badge";
  /** Devices that have it, when others are still to get it. */
  done?: DeviceId[];
  tries?: number;
  /** From its writing until it is due, where that is not the usual time. */
  wait_ms?: number;
};
export type CheckpointRow = {
  /** Feed ids contain it. A restore has to change it, so that every device starts again. */
  epoch: string;
  /** No accepted client id has a time of this (ms) or later, but those that `ahead` of their channel covers. */
  client_ids_below: number;
  /** No Snowflake given out has a time of this (ms) or later. */
  ids_below: number;
  /** No number of a `tells` row is this or higher; absent until the first. */
  tells_below?: number;
  /** No row of `tells` has a number below this any more: a read begins behind the rows that were deleted. */
  tells_from?: number;
  /** No row of `pushes` is due before this (ms). */
  pushes_from?: number;
};

/** What one decision tells homes of other shards, until all of them have it. Rule D23. */
export type TellsRow = { tells: RemoteTell[] };
/** The newest `tells` row of another shard that is applied here. */
export type FedRow = { n: number };

/** How far a shard's log is in the table: each put up to `position`, a sequence of this epoch's log, is there. Rule S15. */
export type FlushedRow = { epoch: number; position: number };

export type Tables = {
  channels: { key: readonly [ChannelId]; row: ChannelRow };
  messages: { key: readonly [ChannelId, Seq]; row: Message };
  bodies: { key: readonly [ChannelId, Seq]; row: { body: string } };
  sends: { key: readonly [ChannelId, month: number, UserId, ClientId]; row: { seq: Seq } };
  marks: { key: readonly [ChannelId]; row: MarksRow };
  users: { key: readonly [UserId]; row: UserRow };
  feed: { key: readonly [UserId, Pos]; row: FeedRow };
  user_channels: { key: readonly [UserId, ChannelId]; row: UserChannelRow };
  pushes: { key: readonly [bucket: number, due_at: number, UserId, Pos]; row: PushRow };
  checkpoint: { key: readonly [shard: number]; row: CheckpointRow };
  flushed: { key: readonly [shard: number]; row: FlushedRow };
  tells: { key: readonly [shard: number, n: number]; row: TellsRow };
  fed: { key: readonly [shard: number, source: number]; row: FedRow };
};

export type TableName = keyof Tables;
export type KeyOf<T extends TableName> = Tables[T]["key"];
export type RowOf<T extends TableName> = Tables[T]["row"];

/** One write: the whole new row, or null to delete. `json` is the row encoded already, where a decision had it at hand. */
export type PutOf<T extends TableName> = {
  table: T;
  key: KeyOf<T>;
  row: RowOf<T> | null;
  json?: string;
};
export type Put = { [T in TableName]: PutOf<T> }[TableName];

/** The kind of each key column: what an adapter needs to keep numbers in order and to read keys back. */
export const KEY_COLUMNS: { [T in TableName]: readonly ("text" | "number")[] } = {
  channels: ["text"],
  messages: ["text", "number"],
  bodies: ["text", "number"],
  sends: ["text", "number", "text", "text"],
  marks: ["text"],
  users: ["text"],
  feed: ["text", "number"],
  user_channels: ["text", "text"],
  pushes: ["number", "number", "text", "number"],
  checkpoint: ["number"],
  flushed: ["number"],
  tells: ["number", "number"],
  fed: ["number", "number"],
};
