/** The account as its owner sees it, and as others do. Rule P25. */
import * as v from "valibot";
import type { ErrorCode } from "../codes.ts";
import { LIMITS } from "../limits.ts";
import { isCleanText, withinCodePoints } from "../text.ts";
import {
  DeviceIdSchema,
  NameSchema,
  PushLevelSchema,
  SessionIdSchema,
  shortText,
  TimeSchema,
  UserIdSchema,
} from "./basics.ts";
import { AvatarSchema } from "./channel.ts";

const code = (name: ErrorCode): ErrorCode => name;
const { username_min, username_max, password_min, password_max } = LIMITS;
const USERNAME = new RegExp(`^[a-z0-9._-]{${username_min},${username_max}}$`);

/** Whether somebody may have it; a text that is none is never worth a look into the store. */
export const isUsername = (text: string): boolean => USERNAME.test(text);

export const UsernameSchema = v.pipe(
  v.string(),
  v.check(isUsername, code("invalid_username")),
  v.metadata({ pattern: USERNAME.source }),
);
/** What is looked up or signed in with: a text that is no username is one that nobody has. */
export const UsernameGuessSchema = v.pipe(v.string(), v.metadata({ maxLength: username_max }));

export const NewPasswordSchema = v.pipe(
  v.string(),
  v.check((text) => withinCodePoints(text, password_max), code("too_long")),
  v.check(isCleanText, code("invalid_text")),
  v.check((text) => !withinCodePoints(text, password_min - 1)),
  v.metadata({ minLength: password_min, maxLength: password_max, format: "password" }),
);
/** A text too long to be anyone's password is refused before it costs a hash. */
export const PasswordGuessSchema = v.pipe(
  v.string(),
  v.check((text) => withinCodePoints(text, password_max), code("wrong_credentials")),
  v.metadata({ maxLength: password_max, format: "password" }),
);

export const AboutSchema = shortText(LIMITS.about_code_points_max);
export const AudienceSchema = v.picklist(["everyone", "contacts", "nobody"]);

export const AccountSettingsSchema = v.object({
  /** Who sees this user's presence and last activity. */
  presence: AudienceSchema,
  /** Who may open a direct channel with this user or add it to a group. */
  who_may_message: AudienceSchema,
  /** Others learn how far this user has read and received. */
  receipts: v.boolean(),
  push: v.object({ direct: PushLevelSchema, group: PushLevelSchema }),
  /** Push says "new message" and neither names nor text. */
  private_push: v.boolean(),
});

/** A field absent stays as it is. */
export const AccountSettingsPatchSchema = v.object({
  presence: v.exactOptional(AudienceSchema),
  who_may_message: v.exactOptional(AudienceSchema),
  receipts: v.exactOptional(v.boolean()),
  push: v.exactOptional(
    v.object({
      direct: v.exactOptional(PushLevelSchema),
      group: v.exactOptional(PushLevelSchema),
    }),
  ),
  private_push: v.exactOptional(v.boolean()),
});

const profile = {
  user_id: UserIdSchema,
  username: v.string(),
  name: v.string(),
  avatar: v.exactOptional(v.string()),
  about: v.exactOptional(v.string()),
};

/** A user as others see it; of a deleted account only the id and `deleted` say anything. */
export const ProfileSchema = v.object({ ...profile, deleted: v.exactOptional(v.boolean()) });
/** A profile in one's list of contacts or blocks, and since when. */
export const ListedSchema = v.object({ ...ProfileSchema.entries, since: TimeSchema });
export const MeSchema = v.object({
  ...profile,
  created_at: TimeSchema,
  settings: AccountSettingsSchema,
});
export const PatchMeSchema = v.object({
  name: v.exactOptional(NameSchema),
  avatar: v.exactOptional(v.nullable(AvatarSchema)),
  about: v.exactOptional(AboutSchema),
  settings: v.exactOptional(AccountSettingsPatchSchema),
  password: v.exactOptional(v.object({ old: PasswordGuessSchema, new: NewPasswordSchema })),
});

export const DeviceSchema = v.object({
  device_id: DeviceIdSchema,
  session_id: SessionIdSchema,
  name: v.string(),
  created_at: TimeSchema,
  last_active_at: TimeSchema,
  /** The device that asks. */
  current: v.boolean(),
});

export type AccountSettings = v.InferOutput<typeof AccountSettingsSchema>;
export type Profile = v.InferOutput<typeof ProfileSchema>;
export type Listed = v.InferOutput<typeof ListedSchema>;
export type Me = v.InferOutput<typeof MeSchema>;
export type PatchMe = v.InferOutput<typeof PatchMeSchema>;
export type Device = v.InferOutput<typeof DeviceSchema>;
