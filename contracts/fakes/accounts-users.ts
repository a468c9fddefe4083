/** Users, credentials and the directory, in memory. */
import type {
  NewUser,
  Session,
  User,
  UserPatch,
  UserSummary,
} from "@damso/core/ports/account-records";
import { DEFAULT_SETTINGS, isLocked } from "@damso/core/ports/account-records";
import type { Credentials, PasswordChange, UserQuery, Users } from "@damso/core/ports/accounts";
import type { Directory, Profile } from "@damso/core/ports/directory";
import type { UserId } from "@damso/protocol/ids";
import type { AccountsData, Run } from "./accounts-data.ts";
import { isLiving, revoke, revokeAndTell, sessionsOf, tell } from "./accounts-data.ts";
import { createSession } from "./accounts-sessions.ts";

export function memoryUsers(data: AccountsData, run: Run): Users {
  return {
    create: (user, signal) => run(signal, () => create(data, user)),
    byIds: (ids, signal) =>
      run(signal, () => [...new Set(ids)].flatMap((id) => data.users.get(id) ?? [])),
    byUsername: (username, signal) => run(signal, () => byUsername(data, username)),
    update: (user_id, patch, now, signal) => run(signal, () => update(data, user_id, patch, now)),
    remove: (user_id, now, signal) => run(signal, () => remove(data, user_id, now)),
    first: (signal) => run(signal, () => [...data.users.keys()].toSorted()[0]),
    list: (query, signal) => run(signal, () => list(data, query)),
  };
}

function byUsername(data: AccountsData, username: string): User | undefined {
  return [...data.users.values()].find(
    (user) => user.username === username && user.deleted_at === null,
  );
}

function create(data: AccountsData, user: NewUser): "created" | "username_taken" {
  const { user_id, username, name, password_hash, created_at } = user;
  for (const other of data.users.values()) {
    if (other.username === username) return "username_taken";
  }
  data.users.set(user_id, {
    user_id,
    username,
    name,
    avatar: null,
    about: "",
    locale: null,
    settings: structuredClone(DEFAULT_SETTINGS),
    created_at,
    deleted_at: null,
  });
  data.credentials.set(user_id, password_hash);
  const rule = { devices_max: 1, if_hash: password_hash };
  if (user.session) createSession(data, user.session, rule);
  return "created";
}

function update(
  data: AccountsData,
  user_id: UserId,
  patch: UserPatch,
  now: number,
): User | undefined {
  const user = data.users.get(user_id);
  if (!user || user.deleted_at !== null) return undefined;
  const { settings, ...profile } = patch;
  const push = { ...user.settings.push, ...settings?.push };
  const next: User = {
    ...user,
    ...profile,
    settings: { ...user.settings, ...settings, push },
  };
  data.users.set(user_id, next);
  if (Object.keys(profile).length > 0) tell(data, user_id, { kind: "profile" }, now);
  if (settings && Object.keys(settings).length > 0) {
    tell(data, user_id, { kind: "settings" }, now);
  }
  return next;
}

function remove(data: AccountsData, user_id: UserId, now: number): Session[] | undefined {
  const user = data.users.get(user_id);
  if (!user || user.deleted_at !== null) return undefined;
  const revoked = revoke(data, user_id, { all_but: null });
  data.credentials.delete(user_id);
  for (const kind of ["contacts", "blocks"] as const) {
    data[kind].delete(user_id);
    for (const [other, list] of data[kind]) {
      if (list.delete(user_id)) tell(data, other, { kind, other_id: user_id }, now);
    }
  }
  const empty = { name: "", avatar: null, about: "", locale: null };
  data.users.set(user_id, { ...user, ...empty, deleted_at: now });
  const ids = revoked.map((session) => session.session_id);
  tell(data, user_id, { kind: "deleted", revoked: ids }, now);
  return revoked;
}

function list(data: AccountsData, { text, before, limit }: UserQuery): UserSummary[] {
  return [...data.users.values()]
    .filter(({ user_id }) => before === undefined || user_id < before)
    .filter(
      ({ user_id, username, name }) =>
        user_id === text || username.startsWith(text) || name.toLowerCase().includes(text),
    )
    .toSorted((a, b) => (a.user_id < b.user_id ? 1 : -1))
    .slice(0, limit)
    .map((user) => summaryOf(data, user));
}

function summaryOf(data: AccountsData, user: User): UserSummary {
  const sessions = sessionsOf(data, user.user_id);
  const used = sessions.map(({ last_used_at }) => last_used_at);
  return {
    ...user,
    sessions: sessions.length,
    last_used_at: used.length === 0 ? null : Math.max(...used),
    is_locked: isLocked(data.credentials.get(user.user_id) ?? ""),
  };
}

export function memoryCredentials(data: AccountsData, run: Run): Credentials {
  const credential = (user_id: UserId | undefined) => {
    const password_hash = user_id && data.credentials.get(user_id);
    return password_hash ? { user_id, password_hash } : undefined;
  };
  return {
    byUsername: (username, signal) =>
      run(signal, () => credential(byUsername(data, username)?.user_id)),
    byUser: (user_id, signal) => run(signal, () => credential(user_id)),
    change: (change, signal) => run(signal, () => changePassword(data, change)),
  };
}

function changePassword(
  data: AccountsData,
  change: PasswordChange,
): Awaited<ReturnType<Credentials["change"]>> {
  const { user_id, if_hash, password_hash, keep, patch = {}, now } = change;
  if (!isLiving(data, user_id) || data.credentials.get(user_id) !== if_hash) {
    return { outcome: "stale" };
  }
  data.credentials.set(user_id, password_hash);
  const revoked = revokeAndTell(data, user_id, { all_but: keep }, now);
  const user = update(data, user_id, patch, now);
  if (!user) throw new Error("a living user is none");
  return { outcome: "changed", user, revoked };
}

export function memoryDirectory(data: AccountsData, run: Run): Directory {
  return { profile: (user_id, signal) => run(signal, () => profile(data, user_id)) };
}

function profile(data: AccountsData, user_id: UserId): Profile | undefined {
  const user = data.users.get(user_id);
  if (!user) return undefined;
  const { presence, who_may_message, receipts, push, private_push } = user.settings;
  return {
    user_id,
    deleted: user.deleted_at !== null,
    presence,
    who_may_message,
    receipts,
    push,
    private_push,
    has_push: [...data.subscriptions.values()].some((row) => row.user_id === user_id),
    contacts: new Set(data.contacts.get(user_id)?.keys()),
    blocks: new Set(data.blocks.get(user_id)?.keys()),
  };
}
