/** What a device needs to stay up to date: where to connect, the feed by polling, push. Rules P23, D14, D15. */
import * as v from "valibot";
import type { ErrorCode } from "../codes.ts";
import { EventsEntries } from "../frames/server.ts";
import { LIMITS } from "../limits.ts";
import { DeviceIdSchema, FeedIdSchema, shortText } from "../schema/basics.ts";
import { isCleanText, withinBytes } from "../text.ts";
import { NO_CONTENT, NOTHING, queryFlag, queryNumber } from "./route.ts";
import type { Route } from "./route.ts";

const code = (name: ErrorCode): ErrorCode => name;
const clean = v.check<string, ErrorCode>(isCleanText, code("invalid_text"));
const key = v.pipe(v.string(), v.minLength(1), v.maxLength(256), clean);

/** Of UTF-8: one address is one row of an index, which in PostgreSQL has 2,704 bytes. */
export const PUSH_ADDRESS_BYTES_MAX = 2048;
const fits = v.check<string, ErrorCode>(
  (text) => withinBytes(text, PUSH_ADDRESS_BYTES_MAX),
  code("too_long"),
);
const token = v.pipe(
  v.string(),
  v.minLength(1),
  fits,
  clean,
  v.metadata({ maxLength: PUSH_ADDRESS_BYTES_MAX }),
);
const endpoint = v.pipe(
  v.string(),
  fits,
  clean,
  v.url(),
  v.regex(/^https?:/),
  v.metadata({ maxLength: PUSH_ADDRESS_BYTES_MAX }),
);

const hour = v.pipe(v.string(), v.regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/));

/** How the device wants to be told: all of it may be absent. */
const wishes = {
  /** Language tag of what is not quoted. */
  locale: v.exactOptional(shortText(35)),
  /** IANA name; quiet hours are by its clock, else by UTC's. */
  time_zone: v.exactOptional(shortText(64)),
  /** From when to when, past midnight or not, notifications make no sound. */
  quiet_hours: v.exactOptional(v.object({ from: hour, to: hour })),
};

/** Where a push goes: RFC 8030 with the keys of RFC 8291, or the token of a store's service. Rules N4, N8. */
export const SubscriptionSchema = v.variant("kind", [
  v.object({
    kind: v.literal("webpush"),
    endpoint,
    keys: v.object({ p256dh: key, auth: key }),
    ...wishes,
  }),
  v.object({ kind: v.literal("fcm"), token, ...wishes }),
  v.object({
    kind: v.literal("apns"),
    token,
    topic: v.pipe(shortText(256), v.minLength(1)),
    ...wishes,
  }),
]);
export const PushKindSchema = v.picklist(["webpush", "fcm", "apns"]);
export type PushSubscription = v.InferOutput<typeof SubscriptionSchema>;

const ServerSchema = v.object({ url: v.string(), region: v.string() });
const deviceParams = v.object({ device_id: DeviceIdSchema });

export const DEVICE_ROUTES = {
  listServers: {
    method: "GET",
    path: "/v1/servers",
    operation: "listServers",
    summary: "Up to three servers to connect to, best first",
    tag: "servers",
    auth: "none",
    params: NOTHING,
    query: v.object({ region: v.exactOptional(shortText(64)) }),
    body: null,
    answer: { status: 200, schema: v.object({ servers: v.array(ServerSchema) }) },
    codes: [],
  },
  getFeed: {
    method: "GET",
    path: "/v1/feed",
    operation: "getFeed",
    summary:
      "Events after a position; wait is in seconds, for the first one; after acknowledges; active=false: nobody looks",
    tag: "feed",
    auth: "required",
    params: NOTHING,
    query: v.object({
      feed: v.exactOptional(FeedIdSchema),
      after: queryNumber(0),
      limit: queryNumber(1, LIMITS.page_events_max),
      wait: queryNumber(0, LIMITS.long_poll_ms_max / 1000),
      active: queryFlag(),
    }),
    body: null,
    answer: { status: 200, schema: v.object(EventsEntries) },
    codes: [],
  },
  getPush: {
    method: "GET",
    path: "/v1/push",
    operation: "getPush",
    summary: "What this server pushes by, and the key that browsers subscribe with",
    tag: "push",
    auth: "none",
    params: NOTHING,
    query: NOTHING,
    body: null,
    answer: {
      status: 200,
      schema: v.object({ key: v.string(), kinds: v.array(PushKindSchema) }),
    },
    codes: [],
  },
  testPush: {
    method: "POST",
    path: "/v1/push/test",
    operation: "testPush",
    summary: "A notification to the device that asks, at once, and what came of it",
    tag: "push",
    auth: "required",
    params: NOTHING,
    query: NOTHING,
    body: null,
    answer: {
      status: 200,
      schema: v.object({
        outcome: v.picklist(["sent", "gone", "later", "refused"]),
        /** Of what was not sent: a word of the push service, or of this server. */
        why: v.exactOptional(v.string()),
      }),
    },
    codes: ["not_found"],
  },
  putPush: {
    method: "PUT",
    path: "/v1/push/{device_id}",
    operation: "putPush",
    summary: "Set where pushes for this device go",
    tag: "push",
    auth: "required",
    params: deviceParams,
    query: NOTHING,
    body: SubscriptionSchema,
    answer: NO_CONTENT,
    codes: ["not_found", "forbidden", "invalid_text", "too_long"],
  },
  deletePush: {
    method: "DELETE",
    path: "/v1/push/{device_id}",
    operation: "deletePush",
    summary: "No more pushes for this device",
    tag: "push",
    auth: "required",
    params: deviceParams,
    query: NOTHING,
    body: null,
    answer: NO_CONTENT,
    codes: ["not_found", "forbidden"],
  },
} as const satisfies Record<string, Route>;
