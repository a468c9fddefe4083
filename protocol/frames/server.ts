/** Replies and ephemeral frames from the server. Rules P10, P14. */
import * as v from "valibot";
import { CODES } from "../codes.ts";
import type { ErrorCode } from "../codes.ts";
import {
  ChannelIdSchema,
  ClientIdSchema,
  CountSchema,
  DeviceIdSchema,
  FeedIdSchema,
  MessageIdSchema,
  RequestIdSchema,
  SeqSchema,
  SessionIdSchema,
  TimeSchema,
  UserIdSchema,
} from "../schema/basics.ts";
import { ChannelSchema } from "../schema/channel.ts";
import { MessageSchema } from "../schema/message.ts";
import { AnyEventSchema } from "./events.ts";

const id = RequestIdSchema;
const channel = ChannelIdSchema;
const frame = <const T extends string, E extends v.ObjectEntries>(type: T, entries: E) =>
  v.object({ type: v.literal(type), ...entries });

export const FeedHeadSchema = v.object({ id: FeedIdSchema, head: CountSchema });
export const ErrorCodeSchema = v.picklist(Object.keys(CODES) as [ErrorCode, ...ErrorCode[]]);
export const PresenceEntries = {
  user_id: UserIdSchema,
  state: v.picklist(["online", "offline"]),
  last_active_at: v.exactOptional(TimeSchema),
};
export const PresenceSchema = v.object(PresenceEntries);
export const OpenMemberSchema = v.object({
  user_id: UserIdSchema,
  read: CountSchema,
  delivered: CountSchema,
  presence: v.picklist(["online", "offline"]),
});
/** A page of events; `reset` tells the client to start again from `feed.head`. */
export const EventsEntries = {
  feed: FeedHeadSchema,
  events: v.array(AnyEventSchema),
  more: v.boolean(),
  reset: v.exactOptional(v.boolean()),
};
export const SentEntries = {
  channel,
  client_id: ClientIdSchema,
  seq: SeqSchema,
  message_id: MessageIdSchema,
  created_at: TimeSchema,
};
export const MessagesEntries = {
  channel,
  messages: v.array(MessageSchema),
  head: CountSchema,
  more_before: v.boolean(),
  more_after: v.boolean(),
};
export const ChannelListEntries = {
  channels: v.array(ChannelSchema),
  cursor: v.exactOptional(v.string()),
};

export const REPLIES = {
  welcome: frame("welcome", {
    id,
    user_id: UserIdSchema,
    device_id: DeviceIdSchema,
    session_id: SessionIdSchema,
    ...EventsEntries,
    heartbeat_ms: CountSchema,
    limits: v.record(v.string(), v.number()),
  }),
  sent: frame("sent", { id, ...SentEntries }),
  ok: frame("ok", { id, rev: v.exactOptional(CountSchema) }),
  events: frame("events", { id, ...EventsEntries }),
  messages: frame("messages", { id, ...MessagesEntries }),
  channel_list: frame("channel_list", { id, ...ChannelListEntries }),
  opened: frame("opened", { id: v.exactOptional(id), channel, members: v.array(OpenMemberSchema) }),
  pong: frame("pong", { id: v.exactOptional(id) }),
  error: frame("error", {
    id: v.exactOptional(id),
    code: ErrorCodeSchema,
    message: v.string(),
    retry_after_ms: v.exactOptional(CountSchema),
  }),
} as const;

export const EPHEMERAL = {
  head: frame("head", { pos: CountSchema }),
  typing: frame("typing", { channel, user_id: UserIdSchema }),
  presence: frame("presence", PresenceEntries),
  receipt: frame("receipt", {
    channel,
    user_id: UserIdSchema,
    read: v.exactOptional(CountSchema),
    delivered: v.exactOptional(CountSchema),
  }),
  bye: frame("bye", { reason: v.string(), retry_after_ms: CountSchema }),
} as const;

export type Replies = { [K in keyof typeof REPLIES]: v.InferOutput<(typeof REPLIES)[K]> };
export type Reply = Replies[keyof Replies];
export type Ephemerals = { [K in keyof typeof EPHEMERAL]: v.InferOutput<(typeof EPHEMERAL)[K]> };
export type Ephemeral = Ephemerals[keyof Ephemerals];
export type Presence = v.InferOutput<typeof PresenceSchema>;
export type OpenMember = v.InferOutput<typeof OpenMemberSchema>;
