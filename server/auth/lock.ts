/** Keeping an account out and letting it in again, and ending its sessions from outside. Rules A4, A5. */
import { isLocked, locked, unlocked } from "@damso/core/ports/account-records";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { SessionId, UserId } from "@damso/protocol/ids";
import { ended } from "./revoke.ts";
import type { AuthDeps } from "./sessions.ts";

/** A password may change under our hands as often as somebody types one; more than this is no person. */
const TRIES = 3;

/** `not_found` for a user who never was or is deleted. Disabled, no session is left and none begins. */
export async function setDisabled(
  deps: AuthDeps,
  user_id: UserId,
  on: boolean,
  signal?: AbortSignal,
): Promise<Result<void>> {
  const { credentials } = deps.accounts;
  for (let tries = 0; tries < TRIES; tries++) {
    const credential = await credentials.byUser(user_id, signal);
    if (!credential) return refuse("not_found");
    const { password_hash } = credential;
    if (isLocked(password_hash) === on) return done(undefined);
    const changed = await credentials.change(
      {
        user_id,
        if_hash: password_hash,
        password_hash: on ? locked(password_hash) : unlocked(password_hash),
        keep: null,
        now: deps.clock.now(),
      },
      signal,
    );
    if (changed.outcome === "stale") continue;
    await ended(deps, user_id, changed.revoked);
    return done(undefined);
  }
  return refuse("busy");
}

/** One session of a user, or all. `not_found` for a session that is not there. */
export async function endSessions(
  deps: AuthDeps,
  user_id: UserId,
  session_id: SessionId | undefined,
  signal?: AbortSignal,
): Promise<Result<void>> {
  const choice = session_id === undefined ? { all_but: null } : { session_id };
  const now = deps.clock.now();
  const revoked = await deps.accounts.sessions.revoke(user_id, choice, now, signal);
  if (revoked.length === 0 && session_id !== undefined) return refuse("not_found");
  await ended(deps, user_id, revoked);
  return done(undefined);
}
