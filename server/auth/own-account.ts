/** What needs the password again: a new one, and the end of the account. Rules X11, X12. */
import type { Credential, User, UserPatch } from "@damso/core/ports/account-records";
import { isLocked } from "@damso/core/ports/account-records";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import { parseRequest } from "@damso/protocol/http/parse";
import type { UserId } from "@damso/protocol/ids";
import type { Identity } from "../gateway/types.ts";
import { ended } from "./revoke.ts";
import type { AuthDeps } from "./sessions.ts";

/** With the rest of what is to change, in one step: an answer of `busy` has to mean that nothing did. */
export async function changePassword(
  deps: AuthDeps,
  { user_id, session_id }: Identity,
  old: string,
  next: string,
  patch: UserPatch = {},
  signal?: AbortSignal,
): Promise<Result<User>> {
  const body = { password: { old, new: next } };
  const parsed = parseRequest("patchMe", { params: {}, query: {}, body });
  if (!parsed.ok) return parsed;
  const proven = await prove(deps, user_id, old, signal);
  if (!proven.ok) return proven;
  const hashed = await deps.passwords.hash(next, signal);
  if (!hashed.ok) return hashed;
  const changed = await deps.accounts.credentials.change(
    {
      user_id,
      if_hash: proven.value.password_hash,
      password_hash: hashed.value,
      keep: session_id,
      patch,
      now: deps.clock.now(),
    },
    signal,
  );
  // Changed by another device since the old password was checked: that password is wrong now.
  if (changed.outcome === "stale") return refuse("wrong_credentials");
  await ended(deps, user_id, changed.revoked);
  return done(changed.user);
}

export async function deleteAccount(
  deps: AuthDeps,
  { user_id }: Identity,
  password: string,
  signal?: AbortSignal,
): Promise<Result<void>> {
  const proven = await prove(deps, user_id, password, signal);
  if (!proven.ok) return proven;
  const revoked = await deps.accounts.users.remove(user_id, deps.clock.now(), signal);
  if (!revoked) return refuse("not_found");
  await ended(deps, user_id, revoked);
  return done(undefined);
}

/** Limited like a log-in: a stolen access token must not become a way to guess the password. */
async function prove(
  deps: AuthDeps,
  user_id: UserId,
  password: string,
  signal?: AbortSignal,
): Promise<Result<Credential>> {
  // No username holds a colon, so the bucket is apart from the log-in's, which strangers can empty.
  const key = `id:${user_id}`;
  const wait_ms = deps.limits.accounts.take(key);
  if (wait_ms > 0) return refuse("rate_limited", undefined, wait_ms);
  let isWrong = false;
  try {
    const credential = await deps.accounts.credentials.byUser(user_id, signal);
    // Disabled since the call began: its session is gone, and the mark on the hash must not be lost with the old one.
    if (credential && isLocked(credential.password_hash)) return refuse("unauthenticated");
    const verified = await deps.passwords.verify(password, credential?.password_hash, signal);
    if (!verified.ok) return verified;
    if (credential && verified.value) return done(credential);
    isWrong = true;
    return refuse("wrong_credentials");
  } finally {
    // Only what was checked and is wrong was a guess: not what was too much for store or processor.
    if (!isWrong) deps.limits.accounts.give(key);
  }
}
