/** Ending sessions. Rules X5, X7. */
import type { Session } from "@damso/core/ports/account-records";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { DeviceId, UserId } from "@damso/protocol/ids";
import type { Identity } from "../gateway/types.ts";
import type { AuthDeps } from "./sessions.ts";

/** What follows the commit of a revocation, before it is answered: no call here and no socket anywhere goes on. */
export async function ended(
  deps: Pick<AuthDeps, "live" | "onRevoked">,
  user_id: UserId,
  sessions: readonly Session[],
): Promise<void> {
  if (sessions.length === 0) return;
  const session_ids = sessions.map((session) => session.session_id);
  deps.live.forget(session_ids);
  await deps.onRevoked(user_id, session_ids);
}

export async function logOut(
  deps: AuthDeps,
  { user_id, session_id }: Pick<Identity, "user_id" | "session_id">,
  signal?: AbortSignal,
): Promise<Result<void>> {
  const now = deps.clock.now();
  const revoked = await deps.accounts.sessions.revoke(user_id, { session_id }, now, signal);
  await ended(deps, user_id, revoked);
  return done(undefined);
}

/** Any token of the family will do: whoever had one may end the session, which is all that an old one is good for. */
export async function logOutToken(
  deps: AuthDeps,
  token: string,
  signal?: AbortSignal,
): Promise<Result<void>> {
  const read = deps.refresh_tokens.read(token);
  if (!read) return done(undefined);
  const session = await deps.accounts.sessions.byFamily(read.hashes.family_hash, signal);
  return session ? await logOut(deps, session, signal) : done(undefined);
}

export async function listDevices(
  deps: AuthDeps,
  user_id: UserId,
  signal?: AbortSignal,
): Promise<Result<Session[]>> {
  return done(await deps.accounts.sessions.list(user_id, signal));
}

export async function revokeDevice(
  deps: AuthDeps,
  { user_id }: Identity,
  device_id: DeviceId,
  signal?: AbortSignal,
): Promise<Result<void>> {
  const now = deps.clock.now();
  const revoked = await deps.accounts.sessions.revoke(user_id, { device_id }, now, signal);
  if (revoked.length === 0) return refuse("not_found");
  await ended(deps, user_id, revoked);
  return done(undefined);
}
