/** What the in-memory accounts store holds. Kept apart from the store, so that it can be closed and opened again. */
import type {
  AccountChange,
  OutboxRow,
  Session,
  SessionChoice,
  Subscription,
  User,
} from "@damso/core/ports/account-records";
import { isChosen } from "@damso/core/ports/account-records";
import type { AccountsFailure } from "@damso/core/ports/accounts";
import type { LogInCode } from "@damso/core/ports/log-in-codes";
import type { Signal } from "@damso/core/ports/signal";
import type { DeviceId, SessionId, UserId } from "@damso/protocol/ids";

export type Kept = Session & {
  family_hash: string;
  token_hash: string;
  previous_hash: string | null;
  rotated_at: number;
};

/** `session_id`: the session that answered. */
export type KeptCode = LogInCode & { session_id: SessionId | null };

export type Pairs = Map<UserId, Map<UserId, number>>;

export type AccountsData = {
  users: Map<UserId, User>;
  credentials: Map<UserId, string>;
  sessions: Map<SessionId, Kept>;
  log_in_codes: Map<string, KeptCode>;
  contacts: Pairs;
  blocks: Pairs;
  subscriptions: Map<DeviceId, Subscription>;
  outbox: OutboxRow[];
  outbox_id: number;
};

export function emptyAccounts(): AccountsData {
  return {
    users: new Map(),
    credentials: new Map(),
    sessions: new Map(),
    log_in_codes: new Map(),
    contacts: new Map(),
    blocks: new Map(),
    subscriptions: new Map(),
    outbox: [],
    outbox_id: 0,
  };
}

/** Runs one operation: checks the signal and that the store is open, and hands out copies only. */
export type Run = <T>(signal: Signal | undefined, work: () => T) => Promise<T>;

export function running(isClosed: () => boolean): Run {
  return async (signal, work) => {
    signal?.throwIfAborted();
    if (isClosed()) throw closedFailure();
    return await Promise.resolve(structuredClone(work()));
  };
}

function closedFailure(): AccountsFailure {
  const code = "unavailable" as const;
  return Object.assign(new Error("the accounts store is closed"), { code });
}

export function isLiving(data: AccountsData, user_id: UserId): boolean {
  return data.users.get(user_id)?.deleted_at === null;
}

export function tell(
  data: AccountsData,
  user_id: UserId,
  change: AccountChange,
  created_at: number,
): void {
  data.outbox.push({ id: ++data.outbox_id, user_id, change, created_at });
}

export function toSession(kept: Kept): Session {
  const { family_hash: _f, token_hash: _t, previous_hash: _p, rotated_at: _r, ...session } = kept;
  return session;
}

export function sessionsOf(data: AccountsData, user_id: UserId): Session[] {
  return [...data.sessions.values()].filter((kept) => kept.user_id === user_id).map(toSession);
}

export function deleteSessions(data: AccountsData, sessions: readonly Session[]): Session[] {
  for (const { session_id, device_id } of sessions) {
    data.sessions.delete(session_id);
    data.subscriptions.delete(device_id);
  }
  return [...sessions];
}

export function revoke(data: AccountsData, user_id: UserId, choice: SessionChoice): Session[] {
  return deleteSessions(
    data,
    sessionsOf(data, user_id).filter((session) => isChosen(session, choice)),
  );
}

export function revokeAndTell(
  data: AccountsData,
  user_id: UserId,
  choice: SessionChoice,
  now: number,
): Session[] {
  const revoked = revoke(data, user_id, choice);
  if (revoked.length > 0) tellDevices(data, user_id, revoked, now);
  return revoked;
}

export function tellDevices(
  data: AccountsData,
  user_id: UserId,
  revoked: readonly Session[],
  now: number,
): void {
  const ids = revoked.map((session) => session.session_id);
  tell(data, user_id, { kind: "devices", revoked: ids }, now);
}
