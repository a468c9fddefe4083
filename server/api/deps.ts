/** Everything that the API needs of the rest of the server. */
import type { Accounts } from "@damso/core/ports/accounts";
import type { Blobs } from "@damso/core/ports/blobs";
import type { Bus } from "@damso/core/ports/bus";
import type { Clock, Random } from "@damso/core/ports/clock";
import type { Discovery } from "@damso/core/ports/discovery";
import type { Administration } from "../admin/admin.ts";
import type { Auth } from "../auth/sessions.ts";
import type { Tickets } from "../auth/tickets.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { RateLimits } from "../gateway/limits.ts";
import type { TypingLimit } from "../gateway/typing.ts";
import type { Timers } from "../gateway/timers.ts";
import type { Log } from "../log.ts";
import type { Relay } from "../relay/relay.ts";
import type { PageProvider } from "./page.ts";
import type { PushCalls } from "./push.ts";

export type ApiDeps = {
  bus: Bus;
  accounts: Accounts;
  blobs: Blobs;
  auth: Auth;
  /** What this server has signed and finds again. */
  tickets: Tickets;
  discovery: Discovery;
  gateway: Pick<Gateway, "poll">;
  /** The same as the socket's. */
  rate_limits: RateLimits;
  typing: TypingLimit;
  relay: Pick<Relay, "wake" | "settle">;
  push: PushCalls;
  clock: Clock;
  random: Random;
  timers: Timers;
  log: Log;
  /** What keeps this node from serving; nothing: it is ready. */
  unready(): string[] | Promise<string[]>;
  metrics(): Promise<{ body: string; type: string }>;
  /** What whoever runs the server may do, and who that is. */
  admin: Administration;
  page: PageProvider;
  /** Hosts that an `Origin` may name beside the request's own. */
  origins: readonly string[];
  /** How many proxies in front of this server append to `X-Forwarded-For`. */
  trusted_proxies: number;
  /** Of this server, for the API descriptions. */
  version: string;
};
