/** What proves who someone is. */
import type { Credential } from "@damso/core/ports/account-records";
import type { Credentials, PasswordChange } from "@damso/core/ports/accounts";
import type { Database, Transaction } from "./database.ts";
import { lockUser } from "./outbox.ts";
import { revokeAndTell } from "./revoke.ts";
import { update } from "./users.ts";

export function sqlCredentials(database: Database): Credentials {
  return {
    byUsername: (username, signal) =>
      database.read(async (sql) => {
        const rows = await sql<Credential[]>`SELECT c.user_id, c.password_hash
          FROM credentials c JOIN users u ON u.user_id = c.user_id
          WHERE u.username = ${username}`;
        return rows[0];
      }, signal),
    byUser: (user_id, signal) =>
      database.read(async (sql) => {
        const rows = await sql<Credential[]>`SELECT user_id, password_hash FROM credentials
          WHERE user_id = ${user_id}`;
        return rows[0];
      }, signal),
    change: (change, signal) => database.write((tx) => apply(tx, change), signal),
  };
}

async function apply(tx: Transaction, change: PasswordChange): ReturnType<Credentials["change"]> {
  const { user_id, if_hash, password_hash, keep, patch = {}, now } = change;
  if (!(await lockUser(tx, user_id, now))) return { outcome: "stale" };
  const changed = await tx<unknown[]>`UPDATE credentials
    SET password_hash = ${password_hash}, changed_at = ${now}
    WHERE user_id = ${user_id} AND password_hash = ${if_hash} RETURNING user_id`;
  if (changed.length === 0) return { outcome: "stale" };
  const revoked = await revokeAndTell(tx, user_id, { all_but: keep }, now);
  const user = await update(tx, user_id, patch, now);
  if (!user) throw new Error("a user is gone while it is locked");
  return { outcome: "changed", user, revoked };
}
