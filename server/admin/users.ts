/** Users and their sessions, without anything that would let somebody in. Rule A3. */
import type { Session, Subscription, UserSummary } from "@damso/core/ports/account-records";
import type { Accounts, UserQuery } from "@damso/core/ports/accounts";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import { DEMO_PREFIX, isDemoUsername } from "@damso/protocol/demo";
import type { AdminSession, AdminUser } from "@damso/protocol/http/admin";
import type { RouteAnswer, RouteInput } from "@damso/protocol/http/routes";
import type { UserId } from "@damso/protocol/ids";

const LIMIT = 50;
/** A demo that many have tried is passed by in few steps. */
const READ_MIN = 200;

export async function listUsers(
  { users }: Pick<Accounts, "users">,
  { q = "", before, limit = LIMIT }: RouteInput<"listUsers">["query"],
  signal: AbortSignal,
): Promise<Result<RouteAnswer<"listUsers">>> {
  const text = q.trim().toLowerCase().normalize("NFC");
  // One more than asked for says whether there are more.
  const query = { text, limit: limit + 1, ...(before !== undefined && { before }) };
  const found = await peopleOf(users, query, signal);
  return done({ users: found.slice(0, limit).map(toAdminUser), more: found.length > limit });
}

/** Without the people of demos, whom nobody knows, unless the search begins as their usernames do. */
async function peopleOf(
  users: Accounts["users"],
  query: UserQuery,
  signal: AbortSignal,
): Promise<UserSummary[]> {
  if (query.text.startsWith(DEMO_PREFIX)) return await users.list(query, signal);
  const found: UserSummary[] = [];
  const limit = Math.max(query.limit, READ_MIN);
  let page = await users.list({ ...query, limit }, signal);
  for (;;) {
    found.push(...page.filter(({ username }) => !isDemoUsername(username)));
    const last = page.at(-1);
    if (!last || page.length < limit || found.length >= query.limit) return found;
    page = await users.list({ ...query, limit, before: last.user_id }, signal);
  }
}

export async function userWithSessions(
  { users, sessions, subscriptions }: Pick<Accounts, "users" | "sessions" | "subscriptions">,
  user_id: UserId,
  signal: AbortSignal,
): Promise<Result<RouteAnswer<"getUserAsAdmin">>> {
  const [[user], devices, pushed] = await Promise.all([
    users.list({ text: "", before: after(user_id), limit: 1 }, signal),
    sessions.list(user_id, signal),
    subscriptions.listByUser(user_id, signal),
  ]);
  if (user?.user_id !== user_id) return refuse("not_found");
  return done({
    ...toAdminUser(user),
    devices: devices.map((session) => toAdminSession(session, pushed)),
  });
}

/** Of the ids below it, `user_id` is the highest: a search for it would find whoever has it as a name too. */
const after = (user_id: UserId): UserId => String(BigInt(user_id) + 1n) as UserId;

function toAdminUser(user: UserSummary): AdminUser {
  return {
    user_id: user.user_id,
    username: user.username,
    name: user.name,
    created_at: timeOf(user.created_at),
    ...(user.last_used_at !== null && { last_active_at: timeOf(user.last_used_at) }),
    sessions: user.sessions,
    disabled: user.is_locked,
    deleted: user.deleted_at !== null,
  };
}

function toAdminSession(session: Session, pushed: readonly Subscription[]): AdminSession {
  const push = pushed.find(({ device_id }) => device_id === session.device_id);
  return {
    session_id: session.session_id,
    device_id: session.device_id,
    name: session.device_name,
    created_at: timeOf(session.created_at),
    last_active_at: timeOf(session.last_used_at),
    ...(push && { push: push.target.kind }),
  };
}

const timeOf = (at: number): string => new Date(at).toISOString();
