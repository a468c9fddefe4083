/**
 * Everything that can be asked of a shard: channel commands go to the owner of the channel, user commands to the home.
 * Shapes only; what each does is in `channel/`, `user/`, `sync/`, `presence/`.
 */
import type { FeedCursor } from "@damso/protocol/frames/client";
import type { FeedEvent } from "@damso/protocol/frames/events";
import type { OpenMember, Presence } from "@damso/protocol/frames/server";
import type {
  ChannelId,
  ClientId,
  DeviceId,
  FeedId,
  MessageId,
  Pos,
  Seq,
  SessionId,
  UserId,
} from "@damso/protocol/ids";
import type { ChannelSettings, Member, Role } from "@damso/protocol/schema/channel";
import type { Attachment, Mention, Message } from "@damso/protocol/schema/message";
import type { GatewayId } from "../ports/bus.ts";
import type { PushLevel } from "../ports/directory.ts";
import type { SocketMark } from "../presence/home.ts";
import type { AccountChange, OwnSettings } from "../tables.ts";
import type { Ranges } from "../user/ranges.ts";
import type { RemoteTell } from "./decision.ts";

export type SendCommand = {
  user_id: UserId;
  channel: ChannelId;
  client_id: ClientId;
  body: string;
  reply_to?: Seq;
  mentions?: Mention[];
  attachments?: Attachment[];
};
export type Sent = {
  channel: ChannelId;
  client_id: ClientId;
  seq: Seq;
  message_id: MessageId;
  created_at: string;
};
export type Revised = { rev: number };
export type Nothing = Record<never, never>;

/** The channel without anything that differs between members. */
export type ChannelView = {
  id: ChannelId;
  kind: "direct" | "group";
  created_at: string;
  name?: string;
  avatar?: string;
  members: Member[];
  settings: ChannelSettings;
  pins: Seq[];
  head: Seq;
  last?: Message;
};
/** What differs between the members of a channel, as its owner knows it. */
export type MemberPart = {
  visible_from: Seq;
  blocked: boolean;
  peer_read?: Seq;
  peer_delivered?: Seq;
};
/** What the channel's owner shows to one member. */
export type MemberView = MemberPart & { view: ChannelView };
/** What a member's home knows of the channel. */
export type OwnView = {
  channel: ChannelId;
  /** Feed position that this was read at. */
  pos: Pos;
  activity: Pos;
  visible_from: Seq;
  head: Seq;
  read: Seq;
  unread: number;
  unread_mentions: number;
  cleared_to: Seq;
  hidden: Ranges;
  muted_until?: string;
  pinned?: boolean;
  draft?: string;
  unread_mark?: boolean;
  push_level?: PushLevel;
};
export type Page = { messages: Message[]; head: Seq; more_before: boolean; more_after: boolean };
export type EventsPage = {
  feed: { id: FeedId; head: Pos };
  events: FeedEvent[];
  more: boolean;
  reset?: boolean;
};
export type Attachee = {
  user_id: UserId;
  device_id: DeviceId;
  session_id: SessionId;
  gateway: GatewayId;
};

type At = { user_id: UserId; channel: ChannelId };

/** Commands to the owner of a channel. `user_id` is who asks. */
export type ChannelCommands = {
  send: [SendCommand, Sent];
  edit: [At & { seq: Seq; body: string; mentions?: Mention[]; if_rev?: number }, Revised];
  delete: [At & { seq: Seq }, Revised];
  react: [At & { seq: Seq; emoji: string; on: boolean }, Revised];
  pin: [At & { seq: Seq; on: boolean }, Revised];
  create_group: [
    At & {
      client_id: ClientId;
      name?: string;
      avatar?: string;
      members: UserId[];
      settings?: Partial<ChannelSettings>;
    },
    Nothing,
  ];
  patch_channel: [
    At & { name?: string; avatar?: string; settings?: Partial<ChannelSettings> },
    Nothing,
  ];
  put_member: [At & { member: UserId; role?: Role }, Nothing];
  remove_member: [At & { member: UserId }, Nothing];
  /** `user_id` blocks or unblocks the other side of a direct channel; answered after its commit. */
  block: [At & { on: boolean }, Nothing];
  /** `user_id`'s account is going: a direct channel closes, a group loses the member. */
  depart: [At, Nothing];
  view: [At, MemberView];
  /** `own` is what the member's home said of cleared and hidden messages. */
  history: [
    At & {
      own: { cleared_to: Seq; hidden: Ranges };
      before?: Seq;
      after?: Seq;
      around?: Seq;
      limit?: number;
    },
    Page,
  ];
  /** One message with its full body. */
  message: [At & { seq: Seq; own: { cleared_to: Seq; hidden: Ranges } }, Message];
  /** Committed messages by seq, for a sync page; unknown ones are left out. */
  messages: [{ channel: ChannelId; seqs: Seq[] }, Message[]];
  opened: [At, { members: OpenMember[] }];
  typing: [At, Nothing];
  /** A member's watermark moved; coalesced and lazily stored. */
  mark: [At & { read?: Seq; delivered?: Seq }, Nothing];
};

/** Commands to a user's home. `user_id` is whose home. */
export type UserCommands = {
  /** `socket`: absent for a poll. */
  attach: [Attachee & { feed?: FeedCursor; active: boolean; socket?: SocketMark }, EventsPage];
  /** `gone` drops the 20 s grace: a log-out. */
  detach: [Attachee & { gone?: boolean }, Nothing];
  sync: [{ user_id: UserId; feed: FeedCursor; limit?: number }, EventsPage];
  ack: [Attachee & { pos: Pos; active?: boolean }, Nothing];
  ping: [Attachee & { active?: boolean }, Nothing];
  read: [{ user_id: UserId; channel: ChannelId; seq: Seq }, Nothing];
  set: [{ user_id: UserId; channel: ChannelId; set: OwnSettings }, Nothing];
  hide: [{ user_id: UserId; channel: ChannelId; seq: Seq }, Nothing];
  /** Newest first; `cursor` as a former answer gave it. */
  own_channels: [
    { user_id: UserId; cursor?: string; limit?: number },
    { channels: OwnView[]; cursor?: string },
  ];
  own_channel: [{ user_id: UserId; channel: ChannelId }, OwnView];
  /** Replaces what `watcher` watches of this user at a gateway: on or off. Answers the present state. */
  watch: [{ user_id: UserId; gateway: GatewayId; watcher: UserId; on: boolean }, Presence];
  presence: [{ user_id: UserId; viewer: UserId }, Presence];
  /** The relational side changed something that this user's devices must see. */
  account: [{ user_id: UserId; changed: AccountChange; about?: UserId }, Nothing];
  /** Sessions end: their sockets close, they receive and send nothing more. */
  revoke: [{ user_id: UserId; sessions: SessionId[] }, Nothing];
  /** The gateway's regular word about one user: what is attached; the answer is the feed's head, and who is not to be. */
  exchange: [
    {
      user_id: UserId;
      gateway: GatewayId;
      sessions: {
        session_id: SessionId;
        device_id: DeviceId;
        active: boolean;
        socket?: SocketMark;
      }[];
    },
    { head: Pos; revoked?: SessionId[] },
  ];
};

/** What one row of `tells` says to the homes of one shard. */
export type NumberedTells = { n: number; tells: RemoteTell[] };

/** Commands to a shard as a whole, which is the one that is asked. */
export type ShardCommands = {
  /** The gateway lives: homes go on telling it what it watches. Answers from when on they forgot nothing of that. */
  alive: [{ shard: number; gateway: GatewayId }, { since: number }];
  /** What shard `source` tells homes of this one: a part of its rows in order, from the first not acknowledged on. */
  feed: [{ shard: number; source: number; tells: NumberedTells[] }, Nothing];
  /** The newest row that has something for homes of shard `target`; 0: it has acknowledged all. */
  told: [{ shard: number; target: number }, { n: number }];
};

export type Commands = ChannelCommands & UserCommands & ShardCommands;
export type CommandKind = keyof Commands;
export type Answers = { [K in CommandKind]: Commands[K][1] };
export type Command<K extends CommandKind = CommandKind> = {
  [P in K]: { kind: P } & Commands[P][0];
}[K];
export type CommandOf<K extends CommandKind> = Commands[K][0];
