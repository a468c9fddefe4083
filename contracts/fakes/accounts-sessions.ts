/** Sessions in memory. */
import type { NewSession, Session, SessionUse } from "@damso/core/ports/account-records";
import { byRecency } from "@damso/core/ports/account-records";
import type { Rotation, SessionRule, Sessions, Turn } from "@damso/core/ports/accounts";
import type { AccountsData, Kept, Run } from "./accounts-data.ts";
import {
  deleteSessions,
  isLiving,
  revokeAndTell,
  sessionsOf,
  tellDevices,
  toSession,
} from "./accounts-data.ts";

export function memorySessions(data: AccountsData, run: Run): Sessions {
  return {
    create: (session, rule, signal) => run(signal, () => createSession(data, session, rule)),
    byId: (session_id, signal) =>
      run(signal, () => {
        const kept = data.sessions.get(session_id);
        return kept && toSession(kept);
      }),
    byFamily: (family_hash, signal) =>
      run(signal, () => {
        const kept = byFamily(data, family_hash);
        return kept && toSession(kept);
      }),
    rotate: (turn, signal) => run(signal, () => rotate(data, turn)),
    list: (user_id, signal) => run(signal, () => sessionsOf(data, user_id).sort(byRecency)),
    revoke: (user_id, choice, now, signal) =>
      run(signal, () => revokeAndTell(data, user_id, choice, now)),
    touch: (uses, signal) => run(signal, () => touch(data, uses)),
  };
}

export function byFamily(data: AccountsData, family_hash: string): Kept | undefined {
  return [...data.sessions.values()].find((kept) => kept.family_hash === family_hash);
}

export function createSession(
  data: AccountsData,
  session: NewSession,
  rule: SessionRule,
): Awaited<ReturnType<Sessions["create"]>> {
  const { user_id, created_at } = session;
  if (!isLiving(data, user_id) || data.credentials.get(user_id) !== rule.if_hash) {
    return { outcome: "stale" };
  }
  const kept = Math.max(0, rule.devices_max - 1);
  const excess = sessionsOf(data, user_id).sort(byRecency).slice(kept);
  const revoked = deleteSessions(data, excess);
  const created: Kept = {
    ...session,
    last_used_at: created_at,
    generation: 1,
    confirmed: false,
    previous_hash: null,
    rotated_at: created_at,
  };
  data.sessions.set(session.session_id, created);
  tellDevices(data, user_id, revoked, created_at);
  return { outcome: "created", session: toSession(created), revoked };
}

function rotate(data: AccountsData, turn: Turn): Rotation {
  const kept = byFamily(data, turn.family_hash);
  if (!kept) return { outcome: "unknown" };
  if (kept.token_hash === turn.token_hash) {
    const rotated: Kept = {
      ...kept,
      previous_hash: kept.token_hash,
      token_hash: turn.next_hash,
      rotated_at: turn.now,
      last_used_at: turn.now,
      generation: kept.generation + 1,
      confirmed: false,
    };
    data.sessions.set(kept.session_id, rotated);
    return { outcome: "rotated", session: toSession(rotated) };
  }
  const isPredecessor =
    kept.previous_hash === turn.token_hash && kept.token_hash === turn.next_hash;
  const isEarly = !kept.confirmed || turn.now - kept.rotated_at <= turn.grace_ms;
  if (isPredecessor && isEarly) return { outcome: "repeated", session: toSession(kept) };
  return { outcome: "reused", session: revokeOne(data, kept, turn.now) };
}

function revokeOne(data: AccountsData, kept: Kept, now: number): Session {
  revokeAndTell(data, kept.user_id, { session_id: kept.session_id }, now);
  return toSession(kept);
}

function touch(data: AccountsData, uses: readonly SessionUse[]): void {
  for (const { session_id, generation, used_at, time_zone } of uses) {
    const kept = data.sessions.get(session_id);
    if (!kept) continue;
    kept.last_used_at = Math.max(kept.last_used_at, used_at);
    if (kept.generation === generation) kept.confirmed = true;
    if (time_zone !== undefined) kept.time_zone = time_zone;
  }
}
