/**
 * Every HTTP call under `/v1` that this version answers, by operation. The server writes one handler for each:
 * `{ [K in Operation]: (input: RouteInput<K>) => Promise<RouteAnswer<K> | Refusal> }`.
 */
import type * as v from "valibot";
import { ACCOUNT_ROUTES } from "./accounts.ts";
import { ADMIN_ROUTES } from "./admin.ts";
import { CHANNEL_ROUTES } from "./channels.ts";
import { DEVICE_ROUTES } from "./devices.ts";
import { INVITE_ROUTES } from "./invites.ts";
import { LOG_IN_CODE_ROUTES } from "./log-in-codes.ts";
import { MESSAGE_ROUTES } from "./messages.ts";
import { PEOPLE_ROUTES } from "./people.ts";

export const ROUTES = {
  ...ACCOUNT_ROUTES,
  ...LOG_IN_CODE_ROUTES,
  ...PEOPLE_ROUTES,
  ...CHANNEL_ROUTES,
  ...INVITE_ROUTES,
  ...MESSAGE_ROUTES,
  ...DEVICE_ROUTES,
  ...ADMIN_ROUTES,
} as const;

export type Operation = keyof typeof ROUTES;
type Routes = typeof ROUTES;
type Output<S> = S extends v.GenericSchema ? v.InferOutput<S> : undefined;

/** What a handler gets: everything validated, numbers as numbers. */
export type RouteInput<K extends Operation> = {
  params: Output<Routes[K]["params"]>;
  query: Output<Routes[K]["query"]>;
  body: Output<Routes[K]["body"]>;
};

/** What a handler answers with; undefined where the answer has no content. */
export type RouteAnswer<K extends Operation> = Output<Routes[K]["answer"]["schema"]>;
