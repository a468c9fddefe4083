/** What whoever runs the server may see and do. Rules A1 to A7. */
import * as v from "valibot";
import {
  ChannelIdSchema,
  CountSchema,
  DeviceIdSchema,
  SessionIdSchema,
  shortText,
  TimeSchema,
  UserIdSchema,
} from "../schema/basics.ts";
import { ChannelSettingsSchema, MemberSchema } from "../schema/channel.ts";
import { PushKindSchema } from "./devices.ts";
import { channelParams, NO_CONTENT, NOTHING, queryNumber, userParams } from "./route.ts";
import type { Route } from "./route.ts";

/** Counted since the node started, or held at this moment; a reader makes rates of two of them. */
export const LoadSchema = v.object({
  at: TimeSchema,
  uptime_seconds: v.number(),
  sockets: CountSchema,
  sessions: CountSchema,
  lagging: CountSchema,
  in_flight: CountSchema,
  long_polls: CountSchema,
  sends: CountSchema,
  events: CountSchema,
  frames_in: CountSchema,
  frames_out: CountSchema,
  memory_bytes: CountSchema,
  heap_bytes: CountSchema,
  cpu_seconds: v.number(),
  /** Durable group commits; `buckets` count those that took at most `le` seconds. */
  commits: v.object({
    count: CountSchema,
    seconds: v.number(),
    rows: CountSchema,
    buckets: v.array(v.object({ le: v.number(), count: CountSchema })),
  }),
  /** Depths of queues and sizes of caches, by name. */
  sizes: v.record(v.string(), v.number()),
  refusals: v.record(v.string(), CountSchema),
  bounds: v.record(v.string(), CountSchema),
  http: v.record(v.string(), CountSchema),
});

/** What a node tells all others; `load` only of the node that answers. */
const NodeSchema = v.object({
  node_id: v.string(),
  roles: v.array(v.string()),
  region: v.string(),
  zone: v.string(),
  url: v.exactOptional(v.string()),
  capacity: CountSchema,
  connections: CountSchema,
  draining: v.boolean(),
  /** Shards that it has the lease of, in a cluster. */
  shards: v.exactOptional(CountSchema),
  load: v.exactOptional(LoadSchema),
});

const CheckSchema = v.object({
  name: v.picklist(["accounts", "history", "discovery", "shards", "node"]),
  ok: v.boolean(),
  took_ms: v.number(),
  detail: v.exactOptional(v.string()),
});

const user = {
  user_id: UserIdSchema,
  username: v.string(),
  name: v.string(),
  created_at: TimeSchema,
  /** Absent for one who has no session. */
  last_active_at: v.exactOptional(TimeSchema),
  sessions: CountSchema,
  disabled: v.boolean(),
  deleted: v.boolean(),
};
export const AdminUserSchema = v.object(user);

const AdminSessionSchema = v.object({
  session_id: SessionIdSchema,
  device_id: DeviceIdSchema,
  name: v.string(),
  created_at: TimeSchema,
  last_active_at: TimeSchema,
  /** The kind of push service that it is reached by, if any. */
  push: v.exactOptional(PushKindSchema),
});

export const AdminChannelSchema = v.object({
  channel_id: ChannelIdSchema,
  kind: v.picklist(["direct", "group"]),
  name: v.exactOptional(v.string()),
  created_at: TimeSchema,
  last_message_at: v.exactOptional(TimeSchema),
  members: v.array(MemberSchema),
  settings: ChannelSettingsSchema,
  messages: CountSchema,
  pins: CountSchema,
});

export const LogLevelSchema = v.object({ level: v.picklist(["debug", "info", "warn", "error"]) });

const sessionParams = v.object({ user_id: UserIdSchema, session_id: SessionIdSchema });
const codes = ["forbidden"] as const;
const onUser = ["forbidden", "not_found"] as const;

export const ADMIN_ROUTES = {
  getAdminAccess: {
    method: "GET",
    path: "/v1/admin/access",
    operation: "getAdminAccess",
    summary: "Whether the caller may administer this server",
    tag: "admin",
    auth: "none",
    params: NOTHING,
    query: NOTHING,
    body: null,
    answer: { status: 200, schema: v.object({ admin: v.boolean() }) },
    codes: [],
  },
  getOverview: {
    method: "GET",
    path: "/v1/admin/overview",
    operation: "getOverview",
    summary: "The nodes, how loaded this one is, and whether what it depends on answers",
    tag: "admin",
    auth: "admin",
    params: NOTHING,
    query: NOTHING,
    body: null,
    answer: {
      status: 200,
      schema: v.object({
        /** The node that answers. */
        node_id: v.string(),
        version: v.string(),
        nodes: v.array(NodeSchema),
        checks: v.array(CheckSchema),
        /** Whether `testPushAsAdmin` can be asked. */
        push_test: v.boolean(),
      }),
    },
    codes,
  },
  listUsers: {
    method: "GET",
    path: "/v1/admin/users",
    operation: "listUsers",
    summary:
      "Users, newest first; q is the beginning of a username, a part of a name, or an id. Those of demos only with q=demo-…",
    tag: "admin",
    auth: "admin",
    params: NOTHING,
    query: v.object({
      q: v.exactOptional(shortText(64)),
      before: v.exactOptional(UserIdSchema),
      limit: queryNumber(1, 100),
    }),
    body: null,
    answer: {
      status: 200,
      schema: v.object({ users: v.array(AdminUserSchema), more: v.boolean() }),
    },
    codes: [...onUser, "invalid_text", "too_long"],
  },
  getUserAsAdmin: {
    method: "GET",
    path: "/v1/admin/users/{user_id}",
    operation: "getUserAsAdmin",
    summary: "A user with the sessions",
    tag: "admin",
    auth: "admin",
    params: userParams,
    query: NOTHING,
    body: null,
    answer: {
      status: 200,
      schema: v.object({ ...user, devices: v.array(AdminSessionSchema) }),
    },
    codes: onUser,
  },
  disableUser: {
    method: "PUT",
    path: "/v1/admin/users/{user_id}/disabled",
    operation: "disableUser",
    summary: "End all sessions and let nobody in",
    tag: "admin",
    auth: "admin",
    params: userParams,
    query: NOTHING,
    body: null,
    answer: NO_CONTENT,
    codes: onUser,
  },
  enableUser: {
    method: "DELETE",
    path: "/v1/admin/users/{user_id}/disabled",
    operation: "enableUser",
    summary: "Let the user in again, with the password as it was",
    tag: "admin",
    auth: "admin",
    params: userParams,
    query: NOTHING,
    body: null,
    answer: NO_CONTENT,
    codes: onUser,
  },
  endSessions: {
    method: "DELETE",
    path: "/v1/admin/users/{user_id}/sessions",
    operation: "endSessions",
    summary: "Log a user out everywhere",
    tag: "admin",
    auth: "admin",
    params: userParams,
    query: NOTHING,
    body: null,
    answer: NO_CONTENT,
    codes: onUser,
  },
  endSession: {
    method: "DELETE",
    path: "/v1/admin/users/{user_id}/sessions/{session_id}",
    operation: "endSession",
    summary: "End one session",
    tag: "admin",
    auth: "admin",
    params: sessionParams,
    query: NOTHING,
    body: null,
    answer: NO_CONTENT,
    codes: onUser,
  },
  listUserChannels: {
    method: "GET",
    path: "/v1/admin/users/{user_id}/channels",
    operation: "listUserChannels",
    summary:
      "The channels of a user, those with the newest messages first: members and counts only",
    tag: "admin",
    auth: "admin",
    params: userParams,
    query: v.object({ cursor: v.exactOptional(shortText(256)), limit: queryNumber(1, 50) }),
    body: null,
    answer: {
      status: 200,
      schema: v.object({
        channels: v.array(AdminChannelSchema),
        cursor: v.exactOptional(v.string()),
      }),
    },
    codes: [...onUser, "invalid_text", "too_long"],
  },
  getChannelAsAdmin: {
    method: "GET",
    path: "/v1/admin/channels/{channel_id}",
    operation: "getChannelAsAdmin",
    summary: "A channel: members and counts only",
    tag: "admin",
    auth: "admin",
    params: channelParams,
    query: NOTHING,
    body: null,
    answer: { status: 200, schema: AdminChannelSchema },
    codes: onUser,
  },
  getLogLevel: {
    method: "GET",
    path: "/v1/admin/log-level",
    operation: "getLogLevel",
    summary: "The least important lines that the node that answers writes",
    tag: "admin",
    auth: "admin",
    params: NOTHING,
    query: NOTHING,
    body: null,
    answer: { status: 200, schema: LogLevelSchema },
    codes,
  },
  setLogLevel: {
    method: "PUT",
    path: "/v1/admin/log-level",
    operation: "setLogLevel",
    summary: "Change that until the node stops",
    tag: "admin",
    auth: "admin",
    params: NOTHING,
    query: NOTHING,
    body: LogLevelSchema,
    answer: { status: 200, schema: LogLevelSchema },
    codes,
  },
  testPushAsAdmin: {
    method: "POST",
    path: "/v1/admin/push-test",
    operation: "testPushAsAdmin",
    summary: "Send a test notification to a user's devices, at once",
    tag: "admin",
    auth: "admin",
    params: NOTHING,
    query: NOTHING,
    body: v.object({ user_id: UserIdSchema }),
    answer: { status: 200, schema: v.object({ devices: CountSchema }) },
    codes: onUser,
  },
} as const satisfies Record<string, Route>;

export type Load = v.InferOutput<typeof LoadSchema>;
export type NodeView = v.InferOutput<typeof NodeSchema>;
export type Check = v.InferOutput<typeof CheckSchema>;
export type AdminUser = v.InferOutput<typeof AdminUserSchema>;
export type AdminSession = v.InferOutput<typeof AdminSessionSchema>;
export type AdminChannel = v.InferOutput<typeof AdminChannelSchema>;
export type LogLevel = v.InferOutput<typeof LogLevelSchema>["level"];
