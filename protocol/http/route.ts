/** What one HTTP call is made of, and the pieces that many calls share. Rules P18, P22. */
import * as v from "valibot";
import type { ErrorCode } from "../codes.ts";
import { ChannelIdSchema, SeqSchema, UserIdSchema } from "../schema/basics.ts";

export const TAGS = {
  accounts: "Sign-up, log-in, sessions and one's own profile",
  people: "Profiles, contacts and blocks",
  channels: "Channels and their members",
  media: "Pictures and files",
  messages: "History, sending and changing messages",
  feed: "Everything that happened, in order, for polling and long-polling clients",
  presence: "Who is online",
  push: "Push subscriptions",
  servers: "Where to connect",
  admin: "For whoever runs the server; closed to everyone unless the operator opened it",
} as const;

type ObjectSchema = v.GenericSchema<Record<string, unknown>, Record<string, unknown>>;

export type Route = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Parameters in braces. */
  path: `/v1/${string}`;
  /** The key in the table, and the operation id of the API description. */
  operation: string;
  summary: string;
  tag: keyof typeof TAGS;
  /** `admin`: rule A1. */
  auth: "none" | "required" | "admin";
  params: ObjectSchema;
  query: ObjectSchema;
  body: v.GenericSchema | null;
  answer: { status: 200 | 201 | 204; schema: v.GenericSchema | null };
  /** The refusals that this call has of its own; `refusalsOf` adds those that every call has. */
  codes: readonly ErrorCode[];
};

/** Every code that a call may answer with, in a fixed order. */
export function refusalsOf(route: Route): ErrorCode[] {
  const codes: ErrorCode[] = ["invalid"];
  if (route.auth !== "none") codes.push("unauthenticated");
  if (route.body) codes.push("too_large");
  return [...new Set<ErrorCode>([...codes, ...route.codes, "rate_limited", "busy", "unavailable"])];
}

/** No parameters, no query. */
export const NOTHING = v.object({});
export const NO_CONTENT = { status: 204, schema: null } as const;

const DECIMAL = /^(?:0|[1-9][0-9]{0,15})$/;

/** A number of a path or query: decimal digits in, a safe integer within the bounds out. */
const decimal = (minimum: number, maximum: number, code: ErrorCode) =>
  v.pipe(
    v.string(),
    v.check<string, ErrorCode>((text) => DECIMAL.test(text), code),
    v.metadata({ type: "integer", minimum, maximum }),
    v.transform(Number),
    v.minValue<number, number, ErrorCode>(minimum, code),
    v.maxValue<number, number, ErrorCode>(maximum, code),
  );

export const queryNumber = (minimum: number, maximum: number = Number.MAX_SAFE_INTEGER) =>
  v.exactOptional(decimal(minimum, maximum, "invalid"));

/** A yes or no of a query: `true` or `false`, and no other word. */
export const queryFlag = () =>
  v.exactOptional(
    v.pipe(
      v.string(),
      v.check<string, ErrorCode>((text) => text === "true" || text === "false", "invalid"),
      v.metadata({ type: "boolean" }),
      v.transform((text) => text === "true"),
    ),
  );

export const channelParams = v.object({ channel_id: ChannelIdSchema });
export const memberParams = v.object({ channel_id: ChannelIdSchema, user_id: UserIdSchema });
export const userParams = v.object({ user_id: UserIdSchema });
const pathSeq = decimal(1, Number.MAX_SAFE_INTEGER, "not_found");
export const messageParams = v.object({ channel_id: ChannelIdSchema, seq: pathSeq });
export const seqBody = v.object({ seq: SeqSchema });
