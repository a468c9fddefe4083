/** From our schemas to JSON Schemas under shared names, for the API descriptions. Rule P24. */
import { toJsonSchemaDefs } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { AnyEventSchema, EVENTS } from "./frames/events.ts";
import {
  ErrorCodeSchema,
  FeedHeadSchema,
  OpenMemberSchema,
  PresenceSchema,
} from "./frames/server.ts";
import { FeedCursorSchema } from "./frames/client.ts";
import { AdminChannelSchema, AdminUserSchema, LoadSchema } from "./http/admin.ts";
import { GrantSchema } from "./http/accounts.ts";
import { SubscriptionSchema } from "./http/devices.ts";
import { ProblemSchema } from "./http/problem.ts";
import {
  AccountSettingsPatchSchema,
  AccountSettingsSchema,
  DeviceSchema,
  ListedSchema,
  MeSchema,
  ProfileSchema,
} from "./schema/account.ts";
import {
  BodySchema,
  ChannelIdSchema,
  ClientIdSchema,
  CountSchema,
  DeviceIdSchema,
  DraftSchema,
  EmojiSchema,
  FeedIdSchema,
  MessageIdSchema,
  NameSchema,
  SeqSchema,
  SessionIdSchema,
  TimeInputSchema,
  TimeSchema,
  UserIdSchema,
} from "./schema/basics.ts";
import {
  ChannelSchema,
  ChannelSettingsPatchSchema,
  ChannelSettingsSchema,
  MemberSchema,
  RoleSchema,
} from "./schema/channel.ts";
import {
  AttachmentSchema,
  AttachmentsSchema,
  MentionsSchema,
  MessageSchema,
  SystemSchema,
} from "./schema/message.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** `message_hidden` → `MessageHidden`, `sendMessage` → `SendMessage`. */
export function capitalised(name: string): string {
  return name
    .split("_")
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
}

/** The frames of a table as named schemas: `typing` of the client's frames becomes `ClientTyping`. */
export function framesNamed<T extends string>(
  prefix: string,
  frames: Record<T, v.GenericSchema>,
): [name: string, schema: v.GenericSchema][] {
  return Object.entries<v.GenericSchema>(frames).map(([type, schema]) => [
    prefix + capitalised(type),
    schema,
  ]);
}

/** The schemas that both descriptions name; what one of them does not reach is left out of it. */
const NAMED: Record<string, v.GenericSchema> = {
  UserId: UserIdSchema,
  DeviceId: DeviceIdSchema,
  SessionId: SessionIdSchema,
  MessageId: MessageIdSchema,
  ChannelId: ChannelIdSchema,
  ClientId: ClientIdSchema,
  FeedId: FeedIdSchema,
  Seq: SeqSchema,
  Count: CountSchema,
  Time: TimeSchema,
  TimeInput: TimeInputSchema,
  Body: BodySchema,
  Name: NameSchema,
  Draft: DraftSchema,
  Emoji: EmojiSchema,
  Role: RoleSchema,
  ErrorCode: ErrorCodeSchema,
  Attachment: AttachmentSchema,
  Attachments: AttachmentsSchema,
  Mentions: MentionsSchema,
  SystemEvent: SystemSchema,
  Message: MessageSchema,
  Member: MemberSchema,
  ChannelSettings: ChannelSettingsSchema,
  ChannelSettingsPatch: ChannelSettingsPatchSchema,
  Channel: ChannelSchema,
  Presence: PresenceSchema,
  OpenMember: OpenMemberSchema,
  FeedHead: FeedHeadSchema,
  FeedCursor: FeedCursorSchema,
  FeedEvent: AnyEventSchema,
  ...Object.fromEntries(framesNamed("Event", EVENTS)),
  AccountSettings: AccountSettingsSchema,
  AccountSettingsPatch: AccountSettingsPatchSchema,
  Profile: ProfileSchema,
  Listed: ListedSchema,
  Me: MeSchema,
  Device: DeviceSchema,
  Grant: GrantSchema,
  PushSubscription: SubscriptionSchema,
  Problem: ProblemSchema,
  AdminUser: AdminUserSchema,
  AdminChannel: AdminChannelSchema,
  Load: LoadSchema,
};

export type Described = {
  /** A reference to a schema that has a name. */
  ref(schema: v.GenericSchema): { $ref: string };
  /** The JSON Schema of a schema that has a name. */
  of(schema: v.GenericSchema): JsonObject;
  /** The named schemas that a document reaches, by name. */
  reached(document: Json): JsonObject;
};

/**
 * JSON Schemas of the common names and of `more`; a schema keeps its first name. Rules that JSON Schema cannot say
 * (canonical channel ids, well-formed text) are dropped: what it accepts may still be refused, what it refuses always is.
 */
export function describe(
  more: readonly (readonly [name: string, schema: v.GenericSchema])[],
): Described {
  const names = new Map<v.GenericSchema, string>();
  for (const [name, schema] of [...Object.entries(NAMED), ...more]) {
    if (!names.has(schema)) names.set(schema, name);
  }
  const named = Object.fromEntries([...names].map(([schema, name]) => [name, schema]));
  const schemas = toJsonSchemaDefs(named, {
    target: "draft-07",
    // Times and query numbers are described as they are sent; nothing that the server sends is transformed.
    typeMode: "input",
    ignoreActions: ["check"],
    overrideRef: ({ referenceId }) => refTo(referenceId),
  }) as unknown as Record<string, JsonObject>;
  const nameOf = (schema: v.GenericSchema): string => {
    const name = names.get(schema);
    if (name === undefined) throw new Error("the schema has no name");
    return name;
  };
  return {
    ref: (schema) => ({ $ref: refTo(nameOf(schema)) }),
    of: (schema) => schemas[nameOf(schema)] ?? {},
    reached: (document) => reached(schemas, document),
  };
}

const refTo = (name: string): string => `#/components/schemas/${name}`;
const REF = /"\$ref":"#\/components\/schemas\/([^"]+)"/g;

function reached(schemas: Record<string, JsonObject>, document: Json): JsonObject {
  const found = new Set<string>();
  const visit = (value: Json): void => {
    for (const [, name = ""] of JSON.stringify(value).matchAll(REF)) {
      if (found.has(name)) continue;
      found.add(name);
      visit(schemas[name] ?? null);
    }
  };
  visit(document);
  const kept = Object.entries(schemas).filter(([name]) => found.has(name));
  return Object.fromEntries(kept);
}
