/** Every frame that a client may send, one schema a type. Rules P10, P11. */
import * as v from "valibot";
import { LIMITS } from "../limits.ts";
import {
  BodySchema,
  ChannelIdSchema,
  ClientIdSchema,
  CountSchema,
  DraftSchema,
  PushLevelSchema,
  EmojiSchema,
  FeedIdSchema,
  RequestIdSchema,
  SeqSchema,
  shortText,
  TimeInputSchema,
  UserIdSchema,
} from "../schema/basics.ts";
import { AttachmentsSchema, MentionsSchema } from "../schema/message.ts";
import type { Replies } from "./server.ts";

export const FeedCursorSchema = v.object({ id: FeedIdSchema, pos: CountSchema });
const limit = (max: number) =>
  v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(max)));
const id = RequestIdSchema;
const channel = ChannelIdSchema;
const frame = <const T extends string, E extends v.ObjectEntries>(type: T, entries: E) =>
  v.object({ type: v.literal(type), ...entries });

/** What a member may set about a channel for himself; a field absent stays, `null` clears. */
export const OwnSettingsEntries = {
  muted_until: v.exactOptional(v.nullable(TimeInputSchema)),
  pinned: v.exactOptional(v.nullable(v.boolean())),
  draft: v.exactOptional(v.nullable(DraftSchema)),
  cleared_to: v.exactOptional(v.nullable(SeqSchema)),
  unread_mark: v.exactOptional(v.nullable(v.boolean())),
  push_level: v.exactOptional(v.nullable(PushLevelSchema)),
};

/** Where a page of history starts: at most one of the three, the newest page without any. Rule P16. */
export const onePosition = (page: { before?: number; after?: number; around?: number }): boolean =>
  [page.before, page.after, page.around].filter((position) => position !== undefined).length <= 1;

export const SendEntries = {
  client_id: ClientIdSchema,
  body: BodySchema,
  reply_to: v.exactOptional(SeqSchema),
  mentions: v.exactOptional(MentionsSchema),
  attachments: v.exactOptional(AttachmentsSchema),
};

export const CLIENT_FRAMES = {
  hello: frame("hello", {
    id,
    token: v.exactOptional(v.string()),
    client: v.exactOptional(shortText(128)),
    feed: v.exactOptional(FeedCursorSchema),
    active: v.exactOptional(v.boolean()),
  }),
  send: frame("send", { id, channel, ...SendEntries }),
  edit: frame("edit", {
    id,
    channel,
    seq: SeqSchema,
    body: BodySchema,
    mentions: v.exactOptional(MentionsSchema),
    if_rev: v.exactOptional(CountSchema),
  }),
  delete: frame("delete", { id, channel, seq: SeqSchema, for: v.picklist(["all", "me"]) }),
  react: frame("react", { id, channel, seq: SeqSchema, emoji: EmojiSchema, on: v.boolean() }),
  pin: frame("pin", { id, channel, seq: SeqSchema, on: v.boolean() }),
  read: frame("read", { id: v.exactOptional(id), channel, seq: SeqSchema }),
  set: frame("set", { id, channel, ...OwnSettingsEntries }),
  ack: frame("ack", {
    id: v.exactOptional(id),
    pos: CountSchema,
    active: v.exactOptional(v.boolean()),
  }),
  sync: frame("sync", { id, feed: FeedCursorSchema, limit: limit(LIMITS.page_events_max) }),
  history: v.pipe(
    frame("history", {
      id,
      channel,
      before: v.exactOptional(SeqSchema),
      after: v.exactOptional(CountSchema),
      around: v.exactOptional(SeqSchema),
      limit: limit(LIMITS.page_messages_max),
    }),
    v.check((page) => onePosition(page)),
  ),
  channels: frame("channels", {
    id,
    cursor: v.exactOptional(shortText(64)),
    limit: limit(LIMITS.channels_page_max),
  }),
  open: frame("open", { id: v.exactOptional(id), channel }),
  close: frame("close", { id: v.exactOptional(id), channel }),
  watch: frame("watch", {
    id: v.exactOptional(id),
    users: v.pipe(v.array(UserIdSchema), v.maxLength(LIMITS.watch_users_max)),
  }),
  typing: frame("typing", { id: v.exactOptional(id), channel }),
  ping: frame("ping", { id: v.exactOptional(id), active: v.exactOptional(v.boolean()) }),
} as const;

/** The reply that a frame with an `id` gets when it is not refused. Rule P10. */
export const REPLY_OF = {
  hello: "welcome",
  send: "sent",
  edit: "ok",
  delete: "ok",
  react: "ok",
  pin: "ok",
  read: "ok",
  set: "ok",
  ack: "ok",
  sync: "events",
  history: "messages",
  channels: "channel_list",
  open: "opened",
  close: "ok",
  watch: "ok",
  typing: "ok",
  ping: "pong",
} as const satisfies Record<keyof typeof CLIENT_FRAMES, keyof Replies>;

export type ClientFrames = {
  [K in keyof typeof CLIENT_FRAMES]: v.InferOutput<(typeof CLIENT_FRAMES)[K]>;
};
export type ClientFrameType = keyof ClientFrames;
export type ClientFrame = ClientFrames[ClientFrameType];
export type FeedCursor = v.InferOutput<typeof FeedCursorSchema>;
