/** The message as every client sees it, and as the store keeps it. Rules P7, P8. */
import * as v from "valibot";
import { LIMITS } from "../limits.ts";
import {
  ChannelIdSchema,
  ClientIdSchema,
  CountSchema,
  MessageIdSchema,
  SeqSchema,
  shortText,
  TimeSchema,
  UserIdSchema,
} from "./basics.ts";

export const AttachmentSchema = v.object({
  id: shortText(64),
  kind: v.picklist(["image", "video", "audio", "file"]),
  name: shortText(255),
  content_type: shortText(127),
  bytes: CountSchema,
  width: v.exactOptional(CountSchema),
  height: v.exactOptional(CountSchema),
  duration_ms: v.exactOptional(CountSchema),
  thumbhash: v.exactOptional(shortText(64)),
});
export const AttachmentsSchema = v.pipe(
  v.array(AttachmentSchema),
  v.maxLength(LIMITS.attachments_max),
);

/** User ids, or `"all"` in groups. */
export const MentionsSchema = v.pipe(
  v.array(v.union([v.literal("all"), UserIdSchema])),
  v.maxLength(LIMITS.mentions_max),
);

/** System messages carry data, never a sentence. */
export const SystemSchema = v.object({
  event: v.picklist([
    "created",
    "joined",
    "left",
    "removed",
    "renamed",
    "avatar",
    "role",
    "settings",
  ]),
  by: UserIdSchema,
  users: v.exactOptional(v.array(UserIdSchema)),
  name: v.exactOptional(v.string()),
  role: v.exactOptional(v.string()),
});

export const MessageSchema = v.object({
  message_id: MessageIdSchema,
  channel: ChannelIdSchema,
  seq: SeqSchema,
  kind: v.picklist(["text", "system"]),
  sender_id: UserIdSchema,
  client_id: v.exactOptional(ClientIdSchema),
  body: v.exactOptional(v.string()),
  created_at: TimeSchema,
  rev: CountSchema,
  body_rev: CountSchema,
  edited_at: v.exactOptional(TimeSchema),
  deleted_at: v.exactOptional(TimeSchema),
  reply_to: v.exactOptional(SeqSchema),
  mentions: v.exactOptional(MentionsSchema),
  attachments: v.exactOptional(AttachmentsSchema),
  reactions: v.exactOptional(v.record(v.string(), v.array(UserIdSchema))),
  pinned: v.exactOptional(v.boolean()),
  system: v.exactOptional(SystemSchema),
  truncated: v.exactOptional(v.boolean()),
  length: v.exactOptional(CountSchema),
  unavailable: v.exactOptional(v.boolean()),
});

export type Attachment = v.InferOutput<typeof AttachmentSchema>;
export type Mention = v.InferOutput<typeof MentionsSchema>[number];
export type SystemEvent = v.InferOutput<typeof SystemSchema>;
export type Message = v.InferOutput<typeof MessageSchema>;
