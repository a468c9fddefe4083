/** The channel as one member sees it. Rule P9. */
import * as v from "valibot";
import {
  ChannelIdSchema,
  CountSchema,
  DraftSchema,
  PushLevelSchema,
  SeqSchema,
  shortText,
  TimeSchema,
  UserIdSchema,
} from "./basics.ts";
import { MessageSchema } from "./message.ts";

export const RoleSchema = v.picklist(["owner", "admin", "member"]);
export const AvatarSchema = shortText(256);

export const ChannelSettingsSchema = v.object({
  /** What a joiner sees: from the join on, or everything. */
  history: v.picklist(["from_join", "all"]),
  /** Who may add members. */
  invite: v.picklist(["members", "admins"]),
});

/** A field absent stays as it is. */
export const ChannelSettingsPatchSchema = v.object({
  history: v.exactOptional(ChannelSettingsSchema.entries.history),
  invite: v.exactOptional(ChannelSettingsSchema.entries.invite),
});

export const MemberSchema = v.object({ user_id: UserIdSchema, role: RoleSchema });

export const ChannelSchema = v.object({
  id: ChannelIdSchema,
  kind: v.picklist(["direct", "group"]),
  name: v.exactOptional(v.string()),
  avatar: v.exactOptional(v.string()),
  created_at: TimeSchema,
  members: v.array(MemberSchema),
  settings: ChannelSettingsSchema,
  pins: v.array(SeqSchema),
  visible_from: SeqSchema,
  head: CountSchema,
  last: v.exactOptional(MessageSchema),
  read: CountSchema,
  unread: CountSchema,
  unread_mentions: CountSchema,
  peer_read: v.exactOptional(CountSchema),
  peer_delivered: v.exactOptional(CountSchema),
  muted_until: v.exactOptional(TimeSchema),
  pinned: v.exactOptional(v.boolean()),
  draft: v.exactOptional(DraftSchema),
  cleared_to: v.exactOptional(SeqSchema),
  unread_mark: v.exactOptional(v.boolean()),
  push_level: v.exactOptional(PushLevelSchema),
  blocked: v.exactOptional(v.boolean()),
  pos: CountSchema,
});

export type Role = v.InferOutput<typeof RoleSchema>;
export type Member = v.InferOutput<typeof MemberSchema>;
export type ChannelSettings = v.InferOutput<typeof ChannelSettingsSchema>;
export type Channel = v.InferOutput<typeof ChannelSchema>;
