/** Feed events: each has a dense `pos` and reaches every device of the user. Rule P13. */
import * as v from "valibot";
import {
  ChannelIdSchema,
  CountSchema,
  DraftSchema,
  PushLevelSchema,
  SeqSchema,
  TimeSchema,
  UserIdSchema,
} from "../schema/basics.ts";
import { ChannelSchema } from "../schema/channel.ts";
import { MessageSchema } from "../schema/message.ts";

const pos = SeqSchema;
const channel = ChannelIdSchema;
const frame = <const T extends string, E extends v.ObjectEntries>(type: T, entries: E) =>
  v.object({ type: v.literal(type), pos, ...entries });
const counts = { unread: CountSchema, unread_mentions: CountSchema };

export const EVENTS = {
  message: frame("message", { channel, message: MessageSchema, ...counts }),
  message_updated: frame("message_updated", { channel, message: MessageSchema, ...counts }),
  message_hidden: frame("message_hidden", { channel, seq: SeqSchema, ...counts }),
  channel: frame("channel", { channel: ChannelSchema }),
  channel_left: frame("channel_left", {
    channel,
    reason: v.picklist(["left", "removed", "deleted"]),
  }),
  read: frame("read", { channel, seq: CountSchema, ...counts }),
  channel_settings: frame("channel_settings", {
    channel,
    muted_until: v.exactOptional(v.nullable(TimeSchema)),
    pinned: v.exactOptional(v.nullable(v.boolean())),
    draft: v.exactOptional(v.nullable(DraftSchema)),
    cleared_to: v.exactOptional(v.nullable(SeqSchema)),
    unread_mark: v.exactOptional(v.nullable(v.boolean())),
    push_level: v.exactOptional(v.nullable(PushLevelSchema)),
    ...counts,
  }),
  account: frame("account", {
    changed: v.picklist(["profile", "contacts", "blocks", "devices", "settings"]),
    user_id: v.exactOptional(UserIdSchema),
  }),
} as const;

export type FeedEvents = { [K in keyof typeof EVENTS]: v.InferOutput<(typeof EVENTS)[K]> };
export type FeedEventType = keyof FeedEvents;
export type FeedEvent = FeedEvents[FeedEventType];
export const AnyEventSchema = v.variant("type", [
  EVENTS.message,
  EVENTS.message_updated,
  EVENTS.message_hidden,
  EVENTS.channel,
  EVENTS.channel_left,
  EVENTS.read,
  EVENTS.channel_settings,
  EVENTS.account,
]);
