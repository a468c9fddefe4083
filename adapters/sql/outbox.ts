/** The transactional outbox: changes wait here, committed with what they tell of, until they are in the feed. */
import type { AccountChange, OutboxRow } from "@damso/core/ports/account-records";
import type { Outbox } from "@damso/core/ports/accounts";
import type { UserId } from "@damso/protocol/ids";
import type { Database, Dialect, Transaction } from "./database.ts";
import { inChunks } from "./database.ts";
import type { Count } from "./rows.ts";

/**
 * Opens a change of a living user: false when there is none. The update is the lock that puts the changes of one
 * user in one order where writers run side by side, so that outbox ids rise in commit order within a user.
 */
export async function lockUser(tx: Transaction, user_id: UserId, now: number): Promise<boolean> {
  const rows = await tx<unknown[]>`UPDATE users SET updated_at = ${now}
    WHERE user_id = ${user_id} AND deleted_at IS NULL RETURNING user_id`;
  return rows.length > 0;
}

/** True when the user lives, and then keeps them living until the transaction ends. */
export async function holdUser(
  tx: Transaction,
  { forShare }: Dialect,
  user_id: UserId,
): Promise<boolean> {
  const query = `SELECT user_id FROM users WHERE user_id = $1 AND deleted_at IS NULL ${forShare}`;
  return (await tx.unsafe<unknown[]>(query, [user_id])).length > 0;
}

/**
 * The same lock on a user whose change somebody else makes: the outbox id is given out under it, so that it does not
 * commit after a higher one of this user.
 */
export async function lockOther(tx: Transaction, user_id: UserId): Promise<void> {
  await tx`UPDATE users SET updated_at = updated_at WHERE user_id = ${user_id}`;
}

export async function tell(
  tx: Transaction,
  user_id: UserId,
  change: AccountChange,
  now: number,
): Promise<void> {
  await tx`INSERT INTO outbox (user_id, change, created_at)
    VALUES (${user_id}, ${JSON.stringify(change)}, ${now})`;
}

type Row = { id: Count; user_id: UserId; change: string; created_at: Count };

export function sqlOutbox(database: Database): Outbox {
  return {
    take: (limit, signal) =>
      database.read(async (sql) => {
        const rows = await sql<Row[]>`SELECT id, user_id, change, created_at FROM outbox
          ORDER BY id LIMIT ${limit}`;
        return rows.map(toOutboxRow);
      }, signal),
    takeOf: (user_id, limit, signal) =>
      database.read(async (sql) => {
        const rows = await sql<Row[]>`SELECT id, user_id, change, created_at FROM outbox
          WHERE user_id = ${user_id} ORDER BY id LIMIT ${limit}`;
        return rows.map(toOutboxRow);
      }, signal),
    remove: async (ids, signal) => {
      if (ids.length === 0) return;
      await database.write(
        (tx) =>
          inChunks(ids, (chunk) => tx<unknown[]>`DELETE FROM outbox WHERE id IN ${tx(chunk)}`),
        signal,
      );
    },
  };
}

function toOutboxRow(row: Row): OutboxRow {
  return {
    id: Number(row.id),
    user_id: row.user_id,
    change: JSON.parse(row.change) as AccountChange,
    created_at: Number(row.created_at),
  };
}
