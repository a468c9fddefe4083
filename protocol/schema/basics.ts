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
    v.description("Snowflake, 19 decimal digits"),
  ) as unknown as v.GenericSchema<string, T>;

export const UserIdSchema = snowflake<UserId>();
export const MessageIdSchema = snowflake<MessageId>();
export const DeviceIdSchema = snowflake<DeviceId>();
export const SessionIdSchema = snowflake<SessionId>();
export const ChannelIdSchema = v.pipe(
  v.string(),
  v.check(isChannelId, code("not_found")),
  v.description("d<user>.<user>, lower id first, or g<snowflake>"),
) as unknown as v.GenericSchema<string, ChannelId>;
export const ClientIdSchema = v.pipe(
  v.string(),
  v.check(isClientId),
  v.description("UUIDv7 made by the sending device"),
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
/** A time that a client sends: stored and answered in the canonical form. */
export const TimeInputSchema = v.pipe(v.string(), v.maxLength(40), v.isoTimestamp());

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
    v.description(`1..${max} code points`),
  );

export const BodySchema = textSchema(LIMITS.body_code_points_max);
export const NameSchema = textSchema(LIMITS.name_code_points_max);
export const DraftSchema = v.pipe(
  v.string(),
  v.check((text) => withinBytes(text, LIMITS.draft_bytes_max), code("too_long")),
  clean,
);
export const EmojiSchema = textSchema(LIMITS.reaction_code_points_max);
export const shortText = (max: number): v.GenericSchema<string, string> =>
  v.pipe(v.string(), points(max), clean);
