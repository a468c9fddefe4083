/** Contacts and blocks: two tables of the same shape. */
import type { Contact } from "@damso/core/ports/account-records";
import type { Contacts, Listing, Pair } from "@damso/core/ports/accounts";
import type { Signal } from "@damso/core/ports/signal";
import type { UserId } from "@damso/protocol/ids";
import type { Database, Dialect, Transaction } from "./database.ts";
import { holdUser, lockUser, tell } from "./outbox.ts";
import type { Count } from "./rows.ts";

type Table = "contacts" | "blocks";

export function sqlContacts(database: Database): Contacts {
  return {
    list: (user_id, signal) => list(database, "contacts", user_id, signal),
    put: (listing, signal) =>
      database.write((tx) => put(tx, database.dialect, "contacts", listing), signal),
    remove: (pair, signal) => database.write((tx) => remove(tx, "contacts", pair), signal),
    listBlocks: (user_id, signal) => list(database, "blocks", user_id, signal),
    putBlock: (listing, signal) =>
      database.write((tx) => put(tx, database.dialect, "blocks", listing), signal),
    removeBlock: (pair, signal) => database.write((tx) => remove(tx, "blocks", pair), signal),
    isBlocked: ({ user_id, other_id }, signal) =>
      database.read(async (sql) => {
        const rows = await sql<unknown[]>`SELECT user_id FROM blocks
          WHERE user_id = ${user_id} AND other_id = ${other_id}`;
        return rows.length > 0;
      }, signal),
  };
}

async function list(
  database: Database,
  table: Table,
  user_id: UserId,
  signal?: Signal,
): Promise<Contact[]> {
  return await database.read(async (sql) => {
    const rows = await sql<{ user_id: UserId; created_at: Count }[]>`
      SELECT other_id AS user_id, created_at FROM ${sql(table)} WHERE user_id = ${user_id}`;
    return rows
      .map((row) => ({ user_id: row.user_id, created_at: Number(row.created_at) }))
      .sort((a, b) => a.created_at - b.created_at || (a.user_id < b.user_id ? -1 : 1));
  }, signal);
}

async function put(
  tx: Transaction,
  dialect: Dialect,
  table: Table,
  listing: Listing,
): Promise<"ok" | "not_found" | "full"> {
  const { user_id, other_id, max, now } = listing;
  if (user_id === other_id || !(await lockBoth(tx, dialect, listing))) return "not_found";
  const added = await tx<unknown[]>`INSERT INTO ${tx(table)} (user_id, other_id, created_at)
    SELECT CAST(${user_id} AS TEXT), CAST(${other_id} AS TEXT), CAST(${now} AS BIGINT)
    WHERE (SELECT count(*) FROM ${tx(table)} WHERE user_id = ${user_id}) < ${max}
    ON CONFLICT (user_id, other_id) DO NOTHING RETURNING user_id`;
  if (added.length > 0) {
    await tell(tx, user_id, { kind: table, other_id }, now);
    return "ok";
  }
  const present = await tx<unknown[]>`SELECT user_id FROM ${tx(table)}
    WHERE user_id = ${user_id} AND other_id = ${other_id}`;
  return present.length > 0 ? "ok" : "full";
}

/** In the order of their ids: two people who list each other at once do not wait for one another for ever. */
async function lockBoth(tx: Transaction, dialect: Dialect, pair: Pair): Promise<boolean> {
  const { user_id, other_id, now } = pair;
  if (user_id < other_id) {
    return (await lockUser(tx, user_id, now)) && (await holdUser(tx, dialect, other_id));
  }
  return (await holdUser(tx, dialect, other_id)) && (await lockUser(tx, user_id, now));
}

async function remove(tx: Transaction, table: Table, pair: Pair): Promise<void> {
  const { user_id, other_id, now } = pair;
  if (!(await lockUser(tx, user_id, now))) return;
  const gone = await tx<unknown[]>`DELETE FROM ${tx(table)}
    WHERE user_id = ${user_id} AND other_id = ${other_id} RETURNING user_id`;
  if (gone.length > 0) await tell(tx, user_id, { kind: table, other_id }, now);
}
