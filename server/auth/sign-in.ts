/** Making an account, and opening a session on a new device. Rules X1, X2, X5, X7. */
import { begun, isLocked, unlocked } from "@damso/core/ports/account-records";
import { refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import { parseRequest } from "@damso/protocol/http/parse";
import type { UserId } from "@damso/protocol/ids";
import { LIMITS } from "@damso/protocol/limits";
import { isUsername } from "@damso/protocol/schema/account";
import { grant } from "./grant.ts";
import { addressKey } from "./limits.ts";
import { ended } from "./revoke.ts";
import { newSession } from "./new-session.ts";
import type { AuthDeps, Grant, LogIn, SignUp } from "./sessions.ts";

export async function signUp(
  deps: AuthDeps,
  input: SignUp,
  address: string,
  signal?: AbortSignal,
): Promise<Result<Grant>> {
  const parsed = parseRequest("signup", { params: {}, query: {}, body: input });
  if (!parsed.ok) return parsed;
  const { username, password, name } = input;
  const wait_ms = deps.limits.signups.take(addressKey(address));
  if (wait_ms > 0) return refuse("rate_limited", undefined, wait_ms);

  const { users } = deps.accounts;
  // Only saves a hash: whether the name is free is decided by `create`.
  if (await users.byUsername(username, signal)) return refuse("username_taken");
  const hashed = await deps.passwords.hash(password, signal);
  if (!hashed.ok) return hashed;
  const user_id = deps.ids.next() as UserId;
  const password_hash = hashed.value;
  const created_at = deps.clock.now();
  const token = deps.refresh_tokens.first();
  const session = newSession(deps, token, user_id, input.device_name ?? "");
  // In one step: whoever is told `busy` asks again, and must not find the name taken by himself.
  const outcome = await users.create(
    { user_id, username, name, password_hash, created_at, session },
    signal,
  );
  if (outcome === "username_taken") return refuse("username_taken");
  return await grant(deps, begun(session), token);
}

export async function logIn(
  deps: AuthDeps,
  input: LogIn,
  address: string,
  signal?: AbortSignal,
): Promise<Result<Grant>> {
  const username = usernameOf(input.username);
  const attempt = takeAttempt(deps, username, address);
  if (attempt.wait_ms > 0) return refuse("rate_limited", undefined, attempt.wait_ms);

  const credential =
    username === undefined
      ? undefined
      : await deps.accounts.credentials.byUsername(username, signal);
  const hash = credential && unlocked(credential.password_hash);
  const verified = await deps.passwords.verify(input.password, hash, signal);
  if (!verified.ok) {
    attempt.forgive();
    return verified;
  }
  if (!credential || !verified.value) return refuse("wrong_credentials");
  if (isLocked(credential.password_hash)) {
    attempt.forgive();
    return refuse("forbidden", "the account is disabled");
  }
  const granted = await openSession(deps, credential, input.device_name, signal);
  if (granted.ok) attempt.forgive();
  return granted;
}

/** As it is kept, or undefined for a text that nobody can have: it counts as a name that nobody has. */
function usernameOf(text: string): string | undefined {
  if (text.length > LIMITS.username_max) return undefined;
  // Phones write the first letter large.
  const username = text.toLowerCase();
  return isUsername(username) ? username : undefined;
}

/**
 * An attempt costs the address and the account a token each; one that did not fail costs nothing. What can be nobody's name
 * is no account, so there is nothing to guard and nothing to keep.
 */
function takeAttempt(
  { limits }: AuthDeps,
  username: string | undefined,
  address: string,
): { wait_ms: number; forgive(): void } {
  const from = addressKey(address);
  const forgive = (): void => {
    limits.addresses.give(from);
    if (username !== undefined) limits.accounts.give(username);
  };
  const address_ms = limits.addresses.take(from);
  if (address_ms > 0) return { wait_ms: address_ms, forgive };
  return { wait_ms: username === undefined ? 0 : limits.accounts.take(username), forgive };
}

async function openSession(
  deps: AuthDeps,
  { user_id, password_hash }: { user_id: UserId; password_hash: string },
  device_name = "",
  signal?: AbortSignal,
): Promise<Result<Grant>> {
  const token = deps.refresh_tokens.first();
  const session = newSession(deps, token, user_id, device_name);
  const rule = { devices_max: deps.devices_max, if_hash: password_hash };
  const made = await deps.accounts.sessions.create(session, rule, signal);
  if (made.outcome === "stale") return refuse("wrong_credentials");
  await ended(deps, user_id, made.revoked);
  return await grant(deps, made.session, token);
}
