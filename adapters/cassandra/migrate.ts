/** Brings a keyspace to the tables of this program, also when several nodes start at once. */
import { createHash, randomUUID } from "node:crypto";
import type { Client } from "cassandra-driver";
import { types } from "cassandra-driver";
import { nameOf } from "./cql.ts";
import { failure } from "./failure.ts";
import type { SchemaLock } from "./lock.ts";
import { LOCK, takeLock } from "./lock.ts";
import type { Migration } from "./migrations.ts";
import { MIGRATIONS } from "./migrations.ts";
import { isUnknown, patiently } from "./patience.ts";

/** Steps are few and rare: every data center has to know of them. */
const QUORUM = { consistency: types.consistencies.quorum };

/**
 * Does the steps that are missing; where none is, nothing is written (I24). Tables of a newer program are refused,
 * because this one would damage what it does not know.
 */
export async function migrate(
  client: Client,
  keyspace: string,
  now: number,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  const known = migrations.at(-1)?.number ?? 0;
  const holder = randomUUID();
  async function attempt(): Promise<true | undefined> {
    const found = await version(client, keyspace);
    if (found) assertKnown(keyspace, found.number, known);
    if (found?.number === known) return true;
    // To look costs less than to try: those who try get into each other's way, and into the holder's.
    if (found?.holder !== undefined && found.holder !== holder) return undefined;
    if (!found) await ddl(client, createMigrations(keyspace));
    const lock = await takeLock(client, nameOf(keyspace, "migrations"), holder);
    if (!lock) return undefined;
    return await underLock(client, keyspace, lock, now, migrations);
  }
  await patiently(attempt);
}

async function underLock(
  client: Client,
  keyspace: string,
  lock: SchemaLock,
  now: number,
  migrations: readonly Migration[],
): Promise<true | undefined> {
  try {
    // Who held the lock before may have done it all.
    const found = (await version(client, keyspace))?.number ?? 0;
    for (const migration of migrations) {
      const { number, name } = migration;
      if (number <= found) continue;
      for (const statement of migration.statements(keyspace)) {
        if (!(await lock.renew())) return undefined;
        await ddl(client, statement);
      }
      await client.execute(
        `INSERT INTO ${nameOf(keyspace, "migrations")} (number, name, applied_at) VALUES (?, ?, ?)`,
        [number, name, BigInt(now)],
        QUORUM,
      );
    }
    return true;
  } finally {
    await lock.release();
  }
}

function assertKnown(keyspace: string, found: number, known: number): void {
  if (found <= known) return;
  throw failure(
    "schema",
    `the keyspace ${keyspace} is at schema ${found}, this program knows schemas up to ${known}: ` +
      "start the newer program that made it, or use another keyspace",
  );
}

type Version = { number: number; holder: string | undefined };

/** Undefined where nothing was made yet, as far as the node knows that was asked. */
async function version(client: Client, keyspace: string): Promise<Version | undefined> {
  try {
    const query = `SELECT number, name FROM ${nameOf(keyspace, "migrations")}`;
    const { rows } = await client.execute(query, [], QUORUM);
    const steps = new Map(rows.map((row) => [Number(row["number"]), String(row["name"])]));
    return { number: Math.max(0, ...steps.keys()), holder: steps.get(LOCK) };
  } catch (error) {
    if (isUnknown(error)) return undefined;
    throw error;
  }
}

/**
 * Two nodes that create a table at once give it two ids, and their cluster never agrees on it again. This one has to be
 * there before there is a lock, so it has the same id whoever makes it.
 */
function createMigrations(keyspace: string): string {
  return (
    `CREATE TABLE IF NOT EXISTS ${nameOf(keyspace, "migrations")} ` +
    `(number int PRIMARY KEY, name text, applied_at bigint) WITH id = ${idOf(keyspace)}`
  );
}

/** A UUID made of the name (RFC 9562, version 8): ids are unique in a cluster, not in a keyspace. */
function idOf(keyspace: string): string {
  const bytes = createHash("sha256")
    .update(`damso ${keyspace}.migrations`)
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** A change of the schema counts when all nodes that are up have it. */
async function ddl(client: Client, statement: string): Promise<void> {
  const { info } = await client.execute(statement, [], { prepare: false, readTimeout: 30_000 });
  // The driver's types leave this out.
  const { isSchemaInAgreement } = info as unknown as { isSchemaInAgreement: boolean };
  if (!isSchemaInAgreement) {
    throw failure("unavailable", "the nodes of Cassandra do not agree on the schema yet");
  }
}
