/** Everything of `auth/` over the in-memory store, with a clock that is moved by hand and cheap hashes. */
import { memoryAccounts } from "@damso/contracts/fakes/accounts";
import type { Accounts } from "@damso/core/ports/accounts";
import type { Clock } from "@damso/core/ports/clock";
import type { Result } from "@damso/core/result";
import type { SessionId, UserId } from "@damso/protocol/ids";
import { systemTimers } from "../timers.ts";
import type { AuthLimits } from "./limits.ts";
import { createAuthLimits } from "./limits.ts";
import type { LiveSessions } from "./live-sessions.ts";
import { createLiveSessions } from "./live-sessions.ts";
import type { Passwords } from "./password.ts";
import { createPasswords } from "./password.ts";
import { createRefreshTokens } from "./refresh-tokens.ts";
import type { Auth } from "./sessions.ts";
import { createAuth } from "./sessions.ts";
import { createAccessTokens } from "./tokens.ts";

export const START = 1_790_000_000_000;
export const HOME = "192.0.2.1";
export const PASSWORD = "correct horse";

export type Scene = {
  auth: Auth;
  accounts: Accounts;
  live: LiveSessions;
  limits: AuthLimits;
  passwords: Passwords;
  /** How often a password was checked. */
  hashed: { verified: number };
  clock: { time: number; now(): number };
  revoked: { user_id: UserId; session_ids: SessionId[] }[];
};

export function openScene(options: { rate_limits?: boolean; accounts?: Accounts } = {}): Scene {
  const clock = { time: START, now: () => clock.time };
  const accounts = options.accounts ?? memoryAccounts();
  const signing = new Uint8Array(32).fill(1);
  const timers = { after: () => () => {} };
  const log = { warn: () => {} };
  const live = createLiveSessions({ ...accounts, clock, timers, log });
  const revoked: Scene["revoked"] = [];
  const limits = createAuthLimits(clock, { on: options.rate_limits ?? false });
  const hashed = { verified: 0 };
  const passwords = countedPasswords(clock, hashed);
  let last = 1_000_000_000_000_000_000n;
  const auth = createAuth({
    accounts,
    passwords,
    access_tokens: createAccessTokens({ kid: "k", signing }, clock),
    refresh_tokens: createRefreshTokens({ refresh: new Uint8Array(32).fill(2) }),
    live,
    limits,
    clock,
    timers: systemTimers,
    ids: { next: () => String(++last) },
    devices_max: 30,
    onRevoked: (user_id, session_ids) => void revoked.push({ user_id, session_ids }),
  });
  return { auth, accounts, live, limits, passwords, hashed, clock, revoked };
}

function countedPasswords(clock: Clock, hashed: Scene["hashed"]): Passwords {
  const passwords = createPasswords({ clock, memory_kib: 8, passes: 1 });
  return {
    ...passwords,
    verify: (...asked) => {
      hashed.verified++;
      return passwords.verify(...asked);
    },
  };
}

/** The value, or an error that names the refusal. */
export async function value<T>(promise: Promise<Result<T>>): Promise<T> {
  const result = await promise;
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
}

/** The code of the refusal, or `done`. */
export async function code(promise: Promise<Result<unknown>>): Promise<string> {
  const result = await promise;
  return result.ok ? "done" : result.refusal.code;
}
