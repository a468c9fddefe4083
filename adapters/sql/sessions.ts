/** Sessions: one row per signed-in device, alive as long as it is there. */
import type { NewSession, Session, SessionUse } from "@damso/core/ports/account-records";
import { byRecency } from "@damso/core/ports/account-records";
import type { SessionRule, Sessions } from "@damso/core/ports/accounts";
import type { Database, Transaction } from "./database.ts";
import { lockUser } from "./outbox.ts";
import { deleteSessions, revokeAndTell, tellDevices } from "./revoke.ts";
import { rotate } from "./rotate.ts";
import type { SessionRow } from "./rows.ts";
import { toSession } from "./rows.ts";

export function sqlSessions(database: Database): Sessions {
  return {
    create: (session, rule, signal) =>
      database.write((tx) => createSession(tx, session, rule), signal),
    byId: (session_id, signal) =>
      database.read(async (sql) => {
        const rows = await sql<SessionRow[]>`SELECT * FROM sessions
          WHERE session_id = ${session_id}`;
        return rows[0] && toSession(rows[0]);
      }, signal),
    byFamily: (family_hash, signal) =>
      database.read(async (sql) => {
        const rows = await sql<SessionRow[]>`SELECT * FROM sessions
          WHERE family_hash = ${family_hash}`;
        return rows[0] && toSession(rows[0]);
      }, signal),
    rotate: (turn, signal) => database.write((tx) => rotate(tx, turn), signal),
    list: (user_id, signal) =>
      database.read(async (sql) => {
        const rows = await sql<SessionRow[]>`SELECT * FROM sessions WHERE user_id = ${user_id}`;
        return rows.map(toSession).sort(byRecency);
      }, signal),
    revoke: (user_id, choice, now, signal) =>
      database.write(async (tx) => {
        if (!(await lockUser(tx, user_id, now))) return [];
        return await revokeAndTell(tx, user_id, choice, now);
      }, signal),
    touch: async (uses, signal) => {
      if (uses.length > 0) await database.write((tx) => touch(tx, uses), signal);
    },
  };
}

/** Within a transaction: what `Sessions.create` promises. */
export async function createSession(
  tx: Transaction,
  session: NewSession,
  rule: SessionRule,
): ReturnType<Sessions["create"]> {
  const { user_id, created_at } = session;
  if (!(await lockUser(tx, user_id, created_at))) return { outcome: "stale" };
  const proof = await tx<unknown[]>`SELECT user_id FROM credentials
    WHERE user_id = ${user_id} AND password_hash = ${rule.if_hash}`;
  if (proof.length === 0) return { outcome: "stale" };

  const rows = await tx<SessionRow[]>`SELECT * FROM sessions WHERE user_id = ${user_id}`;
  const kept = Math.max(0, rule.devices_max - 1);
  const excess = rows.map(toSession).sort(byRecency).slice(kept);
  const revoked = await deleteSessions(tx, excess);
  const created = await insert(tx, session);
  await tellDevices(tx, user_id, revoked, created_at);
  return { outcome: "created", session: created, revoked };
}

async function insert(tx: Transaction, session: NewSession): Promise<Session> {
  const row: SessionRow & { family_hash: string } = {
    session_id: session.session_id,
    device_id: session.device_id,
    user_id: session.user_id,
    device_name: session.device_name,
    time_zone: session.time_zone,
    created_at: session.created_at,
    last_used_at: session.created_at,
    generation: 1,
    confirmed: 0,
    family_hash: session.family_hash,
    token_hash: session.token_hash,
    previous_hash: null,
    rotated_at: session.created_at,
  };
  await tx`INSERT INTO sessions ${tx(row)}`;
  return toSession(row);
}

async function touch(tx: Transaction, uses: readonly SessionUse[]): Promise<void> {
  // Always in one order: two nodes that note uses of the same sessions do not wait for one another for ever.
  const ordered = uses.toSorted(
    (a, b) => Number(a.session_id > b.session_id) - Number(a.session_id < b.session_id),
  );
  for (const { session_id, generation, used_at, time_zone } of ordered) {
    await tx`UPDATE sessions SET
      last_used_at = CASE WHEN last_used_at < ${used_at} THEN ${used_at} ELSE last_used_at END,
      confirmed = CASE WHEN generation = ${generation} THEN 1 ELSE confirmed END,
      time_zone = COALESCE(${time_zone ?? null}, time_zone)
      WHERE session_id = ${session_id}`;
  }
}
