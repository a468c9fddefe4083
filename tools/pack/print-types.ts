/**
 * Prints the wire types that the SDK's declarations name, so that who installs the package needs neither the protocol
 * workspace nor the schema library behind it.
 */
import {
  ChannelIdSchema,
  ClientIdSchema,
  DeviceIdSchema,
  MessageIdSchema,
  SessionIdSchema,
  UserIdSchema,
} from "@damso/protocol/schema/basics";
import { DeviceSchema, ListedSchema, MeSchema } from "@damso/protocol/schema/account";
import { PatchMeSchema, ProfileSchema } from "@damso/protocol/schema/account";
import { ChannelSchema, ChannelSettingsSchema, RoleSchema } from "@damso/protocol/schema/channel";
import { AttachmentSchema, MentionsSchema, MessageSchema } from "@damso/protocol/schema/message";
import { GrantSchema } from "@damso/protocol/http/accounts";
import { EVENTS } from "@damso/protocol/frames/events";
import { PresenceSchema } from "@damso/protocol/frames/server";

/** The parts of a schema that say something about its type. */
type Schema = {
  type: string;
  wrapped?: Schema;
  entries?: Record<string, Schema>;
  item?: Schema;
  options?: readonly (Schema | string)[];
  literal?: string;
  key?: Schema;
  value?: Schema;
};

const schema = (of: unknown): Schema => of as Schema;

/** Printed by name wherever they occur. */
const IDS = new Map<Schema, string>([
  [schema(UserIdSchema), "UserId"],
  [schema(ChannelIdSchema), "ChannelId"],
  [schema(MessageIdSchema), "MessageId"],
  [schema(DeviceIdSchema), "DeviceId"],
  [schema(SessionIdSchema), "SessionId"],
  [schema(ClientIdSchema), "ClientId"],
]);

const TYPES: Record<string, Schema> = {
  Attachment: schema(AttachmentSchema),
  Channel: schema(ChannelSchema),
  ChannelSettings: schema(ChannelSettingsSchema),
  Device: schema(DeviceSchema),
  Grant: schema(GrantSchema),
  Listed: schema(ListedSchema),
  Me: schema(MeSchema),
  Mention: schema(MentionsSchema.pipe[0].item),
  Message: schema(MessageSchema),
  PatchMe: schema(PatchMeSchema),
  Presence: schema(PresenceSchema),
  Profile: schema(ProfileSchema),
  Role: schema(RoleSchema),
};

export function printTypes(): string {
  const names = new Map(Object.entries(TYPES).map(([name, of]) => [of, name]));
  const types = Object.entries(TYPES).map(
    ([name, of]) => `export type ${name} = ${shape(of, new Map([...IDS, ...names]), of)};`,
  );
  const events = Object.entries(EVENTS).map(
    ([name, of]) => `  ${name}: ${shape(schema(of), new Map([...IDS, ...names]))};`,
  );
  return `${types.join("\n")}\nexport type FeedEvents = {\n${events.join("\n")}\n};\n`;
}

/** `itself` is printed as a shape although it has a name. */
function shape(of: Schema, names: ReadonlyMap<Schema, string>, itself?: Schema): string {
  const name = of === itself ? undefined : names.get(of);
  if (name !== undefined) return name;
  const inner = (part: Schema | undefined): string => {
    if (part === undefined) throw new Error(`a ${of.type} without its part`);
    return shape(part, names);
  };
  switch (of.type) {
    case "object":
      return `{ ${Object.entries(of.entries ?? {})
        .map(field(names))
        .join("; ")} }`;
    case "array":
      return `Array<${inner(of.item)}>`;
    case "union":
      return (of.options ?? []).map((option) => inner(schema(option))).join(" | ");
    case "picklist":
      return (of.options ?? []).map((option) => JSON.stringify(option)).join(" | ");
    case "literal":
      return JSON.stringify(of.literal);
    case "record":
      return `Record<${inner(of.key)}, ${inner(of.value)}>`;
    case "nullable":
      return `${inner(of.wrapped)} | null`;
    case "string":
    case "number":
    case "boolean":
      return of.type;
    default:
      throw new Error(`a schema of type ${of.type} cannot be printed yet`);
  }
}

function field(names: ReadonlyMap<Schema, string>) {
  return ([name, of]: [string, Schema]): string =>
    of.type === "exact_optional" && of.wrapped !== undefined
      ? `${name}?: ${shape(of.wrapped, names)}`
      : `${name}: ${shape(of, names)}`;
}
