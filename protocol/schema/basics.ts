/** The scalar shapes that every frame and call is made of. An issue's message is an error code where one fits. */
import * as v from "valibot";
import type { ErrorCode } from "../codes.ts";
import type {
  ChannelId,
  ClientId,
  DeviceId,
  FeedId,
  MessageId,
  SessionId,
  UserId,
} from "../ids.ts";
import { isChannelId, isClientId, isSnowflake } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { isCleanText, withinBytes, withinCodePoints } from "../text.ts";

const code = (name: ErrorCode): ErrorCode => name;
const snowflake = <T extends string>(): v.GenericSchema<string, T> =>
  v.pipe(
    v.string(),
    v.check(isSnowflake, code("not_found")),
    v.metadata({ description: "Snowflake, 19 decimal digits", pattern: "^[1-9][0-9]{18}$" }),
  ) as unknown as v.GenericSchema<string, T>;

export const UserIdSchema = snowflake<UserId>();
export const MessageIdSchema = snowflake<MessageId>();
export const DeviceIdSchema = snowflake<DeviceId>();
export const SessionIdSchema = snowflake<SessionId>();
export const ChannelIdSchema = v.pipe(
  v.string(),
  v.check(isChannelId, code("not_found")),
  v.metadata({
    description: "d<user>.<user>, lower id first, or g<snowflake>",
    pattern: "^(d[1-9][0-9]{18}[.][1-9][0-9]{18}|g[1-9][0-9]{18})$",
  }),
) as unknown as v.GenericSchema<string, ChannelId>;
export const ClientIdSchema = v.pipe(
  v.string(),
  v.check(isClientId),
  v.metadata({
    description: "UUIDv7 made by the sending device",
    pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
  }),
) as unknown as v.GenericSchema<string, ClientId>;
export const FeedIdSchema = v.pipe(v.string(), v.maxLength(64)) as unknown as v.GenericSchema<
  string,
  FeedId
>;

export const CountSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const SeqSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
export const RequestIdSchema = v.pipe(v.number(), v.safeInteger());
export const TimeSchema = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.description("RFC 3339, UTC, milliseconds"),
);

/** From 1970 to 9999: what the canonical form of 24 characters can say. */
const isRepresentable = (text: string): boolean => {
  const time = Date.parse(text);
  return time >= 0 && time < 253_402_300_800_000;
};
/** A time that a client sends, with any offset: it leaves the schema in the canonical form. */
export const TimeInputSchema = v.pipe(
  v.string(),
  v.maxLength(40),
  v.isoTimestamp(),
  v.check(isRepresentable),
  v.description("RFC 3339 with any offset; answered in UTC with milliseconds"),
  v.transform((text) => new Date(text).toISOString()),
);

const clean = v.check<string, ErrorCode>(isCleanText, code("invalid_text"));
const points = (max: number): v.CheckAction<string, ErrorCode> =>
  v.check((text: string) => withinCodePoints(text, max), code("too_long"));

/** Text of 1..max code points. */
export const textSchema = (max: number): v.GenericSchema<string, string> =>
  v.pipe(
    v.string(),
    v.check((text) => text.length > 0, code("empty")),
    points(max),
    clean,
    // JSON Schema counts length in code points, as we do.
    v.metadata({ minLength: 1, maxLength: max }),
  );

export const BodySchema = textSchema(LIMITS.body_code_points_max);
export const NameSchema = textSchema(LIMITS.name_code_points_max);
/** Which messages are worth a notification. */
export const PushLevelSchema = v.picklist(["all", "mentions", "none"]);
export const DraftSchema = v.pipe(
  v.string(),
  v.check((text) => withinBytes(text, LIMITS.draft_bytes_max), code("too_long")),
  clean,
  v.description(`at most ${LIMITS.draft_bytes_max} bytes of UTF-8`),
);
export const EmojiSchema = textSchema(LIMITS.reaction_code_points_max);
export const shortText = (max: number): v.GenericSchema<string, string> =>
  v.pipe(v.string(), points(max), clean, v.metadata({ maxLength: max }));
