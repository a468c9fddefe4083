/** The whole of `auth/` put together over a data directory. */
import type { Accounts } from "@damso/core/ports/accounts";
import type { Clock } from "@damso/core/ports/clock";
import { LIMITS } from "@damso/protocol/limits";
import type { Timers } from "../gateway/timers.ts";
import type { Log } from "../log.ts";
import { loadKeys } from "./keys.ts";
import { createAuthLimits } from "./limits.ts";
import type { LiveSessions } from "./live-sessions.ts";
import { createLiveSessions } from "./live-sessions.ts";
import { createPasswords } from "./password.ts";
import { createRefreshTokens } from "./refresh-tokens.ts";
import type { Tickets } from "./tickets.ts";
import { createTickets } from "./tickets.ts";
import type { Auth, AuthDeps } from "./sessions.ts";
import { createAuth } from "./sessions.ts";
import { createAccessTokens } from "./tokens.ts";

export type AuthOptions = Pick<AuthDeps, "ids" | "onRevoked"> & {
  accounts: Accounts;
  /** Holds, or will hold, the server's keys. All nodes of a cluster have the same. */
  keys_file: string;
  rate_limits: boolean;
  clock: Clock;
  timers: Timers;
  log: Log;
};

/** `live` is to be started, and stopped before the accounts store is closed. */
export async function openAuth(
  options: AuthOptions,
): Promise<{ auth: Auth; live: LiveSessions; tickets: Tickets }> {
  const { accounts, clock, timers, log, ids, onRevoked } = options;
  const keys = await loadKeys(options.keys_file);
  const live = createLiveSessions({ sessions: accounts.sessions, clock, timers, log });
  const auth = createAuth({
    accounts,
    passwords: createPasswords({ clock }),
    access_tokens: createAccessTokens(keys, clock),
    refresh_tokens: createRefreshTokens(keys),
    live,
    limits: createAuthLimits(clock, { on: options.rate_limits }),
    clock,
    timers,
    ids,
    devices_max: LIMITS.devices_max,
    onRevoked,
  });
  return { auth, live, tickets: createTickets(keys, clock) };
}
