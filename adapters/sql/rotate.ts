/** One turn of a refresh token. The rule is the port's, `Sessions.rotate`. */
import type { Rotation, Turn } from "@damso/core/ports/accounts";
import type { Transaction } from "./database.ts";
import { lockUser } from "./outbox.ts";
import { revokeAndTell } from "./revoke.ts";
import type { SessionRow } from "./rows.ts";
import { toSession } from "./rows.ts";

/**
 * Two turns of one token race for the conditional update below: the database lets one of them match, and the other
 * then finds its token to be the predecessor.
 */
export async function rotate(tx: Transaction, turn: Turn): Promise<Rotation> {
  const rotated = await tx<SessionRow[]>`UPDATE sessions SET
    previous_hash = token_hash, token_hash = ${turn.next_hash}, rotated_at = ${turn.now},
    last_used_at = ${turn.now}, generation = generation + 1, confirmed = 0
    WHERE family_hash = ${turn.family_hash} AND token_hash = ${turn.token_hash} RETURNING *`;
  if (rotated[0]) return { outcome: "rotated", session: toSession(rotated[0]) };

  const rows = await tx<SessionRow[]>`SELECT * FROM sessions
    WHERE family_hash = ${turn.family_hash}`;
  const row = rows[0];
  if (!row) return { outcome: "unknown" };
  if (mayRepeat(row, turn)) return { outcome: "repeated", session: toSession(row) };

  const { user_id, session_id } = row;
  if (!(await lockUser(tx, user_id, turn.now))) return { outcome: "unknown" };
  const [session] = await revokeAndTell(tx, user_id, { session_id }, turn.now);
  return session ? { outcome: "reused", session } : { outcome: "unknown" };
}

function mayRepeat(row: SessionRow, turn: Turn): boolean {
  if (row.previous_hash !== turn.token_hash || row.token_hash !== turn.next_hash) return false;
  return !row.confirmed || turn.now - Number(row.rotated_at) <= turn.grace_ms;
}
