/** Everything that the API needs of the rest of the server. */
import type { Session } from "@damso/core/ports/account-records";
import type { Accounts } from "@damso/core/ports/accounts";
import type { Bus } from "@damso/core/ports/bus";
import type { Clock, Random } from "@damso/core/ports/clock";
import type { Discovery } from "@damso/core/ports/discovery";
import type { Result } from "@damso/core/result";
import type { DeviceId, UserId } from "@damso/protocol/ids";
import type { Gateway } from "../gateway/gateway.ts";
import type { RateLimits } from "../gateway/limits.ts";
import type { Timers } from "../gateway/timers.ts";
import type { Identity } from "../gateway/types.ts";
import type { Log } from "../log.ts";
import type { Relay } from "../relay/relay.ts";
import type { PageProvider } from "./page.ts";

/** What a sign-up, log-in or refresh gives. */
export type Grant = {
  user_id: UserId;
  device_id: DeviceId;
  access_token: string;
  refresh_token: string;
  /** Seconds until the access token expires. */
  expires_in: number;
};

export type SignUp = { username: string; password: string; name: string; device_name?: string };
export type LogIn = { username: string; password: string; device_name?: string };

/** Accounts and sessions: what changes them is durable, and no node takes a revoked session, when it is answered. */
export type Auth = {
  authenticate(token: string): Promise<Result<Identity>>;
  /** `address` is where the request came from, for the limits. */
  signUp(input: SignUp, address: string): Promise<Result<Grant>>;
  logIn(input: LogIn, address: string): Promise<Result<Grant>>;
  refresh(refresh_token: string): Promise<Result<Grant>>;
  /** Ends the session of a refresh token, if there is one. */
  logOutToken(refresh_token: string): Promise<Result<void>>;
  logOut(who: Identity): Promise<Result<void>>;
  listDevices(user_id: UserId): Promise<Result<Session[]>>;
  revokeDevice(who: Identity, device_id: DeviceId): Promise<Result<void>>;
  changePassword(who: Identity, old: string, next: string): Promise<Result<void>>;
  deleteAccount(who: Identity, password: string): Promise<Result<void>>;
};

export type ApiDeps = {
  bus: Bus;
  accounts: Accounts;
  auth: Auth;
  discovery: Discovery;
  gateway: Pick<Gateway, "poll">;
  /** The same buckets as the socket's. */
  rate_limits: RateLimits;
  relay: Pick<Relay, "wake" | "settle">;
  clock: Clock;
  random: Random;
  timers: Timers;
  log: Log;
  /** What keeps this node from serving; nothing: it is ready. */
  unready(): string[] | Promise<string[]>;
  metrics(): Promise<{ body: string; type: string }>;
  page: PageProvider;
  /** Hosts that an `Origin` may name beside the request's own. */
  origins: readonly string[];
  /** Of this server, for the API descriptions. */
  version: string;
};
