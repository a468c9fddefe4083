/** Ending sessions, for everyone who may: the device list, a password change, the device limit, account deletion. */
import type { Session, SessionChoice } from "@damso/core/ports/account-records";
import { isChosen } from "@damso/core/ports/account-records";
import type { UserId } from "@damso/protocol/ids";
import type { Transaction } from "./database.ts";
import { tell } from "./outbox.ts";
import type { SessionRow } from "./rows.ts";
import { toSession } from "./rows.ts";

/** Deletes the chosen sessions of the user (and by cascade their push subscriptions), without telling anyone. */
export async function revokeSessions(
  tx: Transaction,
  user_id: UserId,
  choice: SessionChoice,
): Promise<Session[]> {
  const rows = await tx<SessionRow[]>`SELECT * FROM sessions WHERE user_id = ${user_id}`;
  const chosen = rows.map(toSession).filter((session) => isChosen(session, choice));
  return await deleteSessions(tx, chosen);
}

/** Revokes and tells the user's devices, when there was anything to revoke. */
export async function revokeAndTell(
  tx: Transaction,
  user_id: UserId,
  choice: SessionChoice,
  now: number,
): Promise<Session[]> {
  const revoked = await revokeSessions(tx, user_id, choice);
  if (revoked.length > 0) await tellDevices(tx, user_id, revoked, now);
  return revoked;
}

export async function tellDevices(
  tx: Transaction,
  user_id: UserId,
  revoked: readonly Session[],
  now: number,
): Promise<void> {
  const ids = revoked.map((session) => session.session_id);
  await tell(tx, user_id, { kind: "devices", revoked: ids }, now);
}

export async function deleteSessions(
  tx: Transaction,
  sessions: readonly Session[],
): Promise<Session[]> {
  if (sessions.length === 0) return [];
  const ids = sessions.map((session) => session.session_id);
  const gone = await tx<SessionRow[]>`DELETE FROM sessions
    WHERE session_id IN ${tx(ids)} RETURNING *`;
  return gone.map(toSession);
}
