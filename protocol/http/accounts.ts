/** Sign-up, log-in, sessions and one's own account. Rules P25, X1 to X8, X11, X12. */
import * as v from "valibot";
import {
  CountSchema,
  DeviceIdSchema,
  NameSchema,
  shortText,
  UserIdSchema,
} from "../schema/basics.ts";
import {
  DeviceSchema,
  MeSchema,
  NewPasswordSchema,
  PasswordGuessSchema,
  PatchMeSchema,
  UsernameGuessSchema,
  UsernameSchema,
} from "../schema/account.ts";
import { NO_CONTENT, NOTHING } from "./route.ts";
import type { Route } from "./route.ts";

/** Cookies that a browser on the same origin is given when it asks for `cookie`; no script can read them. */
export const COOKIES = { access: "damso_access", refresh: "damso_refresh" } as const;

/** The tokens are absent when the client asked for cookies: then they are in those. */
export const GrantSchema = v.object({
  user_id: UserIdSchema,
  device_id: DeviceIdSchema,
  access_token: v.exactOptional(v.string()),
  refresh_token: v.exactOptional(v.string()),
  /** Seconds until the access token expires. */
  expires_in: CountSchema,
});
export type Grant = v.InferOutput<typeof GrantSchema>;

const device = {
  device_name: v.exactOptional(shortText(64)),
  /** Tokens in cookies instead of the answer. */
  cookie: v.exactOptional(v.boolean()),
};
/** Cookie clients send no token. */
const refreshBody = v.object({ refresh_token: v.exactOptional(v.string()) });

export const ACCOUNT_ROUTES = {
  signup: {
    method: "POST",
    path: "/v1/signup",
    operation: "signup",
    summary: "Create an account and its first session",
    tag: "accounts",
    auth: "none",
    params: NOTHING,
    query: NOTHING,
    body: v.object({
      username: UsernameSchema,
      password: NewPasswordSchema,
      name: NameSchema,
      ...device,
    }),
    answer: { status: 201, schema: GrantSchema },
    codes: ["invalid_username", "username_taken", "invalid_text", "empty", "too_long", "forbidden"],
  },
  login: {
    method: "POST",
    path: "/v1/login",
    operation: "login",
    summary: "Open a session on a new device",
    tag: "accounts",
    auth: "none",
    params: NOTHING,
    query: NOTHING,
    body: v.object({ username: UsernameGuessSchema, password: PasswordGuessSchema, ...device }),
    answer: { status: 200, schema: GrantSchema },
    codes: ["wrong_credentials", "invalid_text", "too_long", "forbidden"],
  },
  refresh: {
    method: "POST",
    path: "/v1/refresh",
    operation: "refresh",
    summary: "Exchange the refresh token for a new pair",
    tag: "accounts",
    auth: "none",
    params: NOTHING,
    query: NOTHING,
    body: refreshBody,
    answer: { status: 200, schema: GrantSchema },
    codes: ["unauthenticated", "forbidden"],
  },
  logout: {
    method: "POST",
    path: "/v1/logout",
    operation: "logout",
    summary: "End the session of the refresh token or of the caller",
    tag: "accounts",
    auth: "none",
    params: NOTHING,
    query: NOTHING,
    body: refreshBody,
    answer: NO_CONTENT,
    codes: ["unauthenticated", "forbidden"],
  },
  getMe: {
    method: "GET",
    path: "/v1/me",
    operation: "getMe",
    summary: "My account",
    tag: "accounts",
    auth: "required",
    params: NOTHING,
    query: NOTHING,
    body: null,
    answer: { status: 200, schema: MeSchema },
    codes: [],
  },
  patchMe: {
    method: "PATCH",
    path: "/v1/me",
    operation: "patchMe",
    summary: "Change my profile, settings or password; a field absent stays",
    tag: "accounts",
    auth: "required",
    params: NOTHING,
    query: NOTHING,
    body: PatchMeSchema,
    answer: { status: 200, schema: MeSchema },
    codes: ["wrong_credentials", "invalid_text", "empty", "too_long", "conflict"],
  },
  deleteMe: {
    method: "DELETE",
    path: "/v1/me",
    operation: "deleteMe",
    summary: "Delete my account",
    tag: "accounts",
    auth: "required",
    params: NOTHING,
    query: NOTHING,
    body: v.object({ password: PasswordGuessSchema }),
    answer: NO_CONTENT,
    codes: ["wrong_credentials"],
  },
  listDevices: {
    method: "GET",
    path: "/v1/devices",
    operation: "listDevices",
    summary: "My signed-in devices, last used first",
    tag: "accounts",
    auth: "required",
    params: NOTHING,
    query: NOTHING,
    body: null,
    answer: { status: 200, schema: v.object({ devices: v.array(DeviceSchema) }) },
    codes: [],
  },
  deleteDevice: {
    method: "DELETE",
    path: "/v1/devices/{device_id}",
    operation: "deleteDevice",
    summary: "Log a device out; its socket closes within a second",
    tag: "accounts",
    auth: "required",
    params: v.object({ device_id: DeviceIdSchema }),
    query: NOTHING,
    body: null,
    answer: NO_CONTENT,
    codes: ["not_found"],
  },
} as const satisfies Record<string, Route>;
