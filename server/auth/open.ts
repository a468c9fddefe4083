/** The whole of `auth/` put together over a data directory. */
import type { Accounts } from "@damso/core/ports/accounts";
import type { Bus } from "@damso/core/ports/bus";
import type { Clock } from "@damso/core/ports/clock";
import { LIMITS } from "@damso/protocol/limits";
import type { Timers } from "../gateway/timers.ts";
import type { Log } from "../log.ts";
import { onEnded, tellEnded } from "./ended-sessions.ts";
import { loadKeys } from "./keys.ts";
import { createAuthLimits } from "./limits.ts";
import type { LiveSessions } from "./live-sessions.ts";
import { createLiveSessions, KEPT_SHARED_MS } from "./live-sessions.ts";
import { createPasswords } from "./password.ts";
import { createRefreshTokens } from "./refresh-tokens.ts";
import type { Tickets } from "./tickets.ts";
import { createTickets } from "./tickets.ts";
import type { Auth, AuthDeps } from "./sessions.ts";
import { createAuth } from "./sessions.ts";
import { createAccessTokens } from "./tokens.ts";

export type AuthOptions = Pick<AuthDeps, "ids" | "onRevoked"> & {
  accounts: Accounts;
  /** To and from the other nodes that revoke sessions. */
  bus: Pick<Bus, "publish" | "subscribe">;
  /** Other nodes have the same accounts. */
  isShared: boolean;
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
  const { accounts, bus, isShared, clock, timers, log, ids, onRevoked } = options;
  const keys = await loadKeys(options.keys_file);
  const { sessions, log_in_codes } = accounts;
  const kept = isShared ? { kept_ms: KEPT_SHARED_MS } : {};
  const live = createLiveSessions({ sessions, log_in_codes, clock, timers, log, ...kept });
  onEnded(bus, (session_ids) => live.forget(session_ids));
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
    onRevoked: (user_id, session_ids) => {
      tellEnded(bus, session_ids);
      return onRevoked(user_id, session_ids);
    },
  });
  return { auth, live, tickets: createTickets(keys, clock) };
}
