/** Brings a keyspace to the tables of this program, also when several nodes start at once. */
import { createHash } from "node:crypto";
import type { Client } from "cassandra-driver";
import { errors, types } from "cassandra-driver";
import { nameOf } from "./cql.ts";
import { asFailure, failure } from "./failure.ts";
import type { SchemaLock } from "./lock.ts";
import { takeLock } from "./lock.ts";
import type { Migration } from "./migrations.ts";
import { MIGRATIONS } from "./migrations.ts";

const LOOK_AGAIN_MS = 250;
/** Twice as long as a lock outlives the node that held it. */
const WAIT_MAX_MS = 120_000;

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
  try {
    const known = migrations.at(-1)?.number ?? 0;
    if ((await checkedVersion(client, keyspace, known)) === known) return;
    await ddl(client, createMigrations(keyspace));
    const give_up = performance.now() + WAIT_MAX_MS;
    while ((await checkedVersion(client, keyspace, known)) < known) {
      const lock = await ifThere(takeLock(client, nameOf(keyspace, "migrations")));
      if (lock) await underLock(client, keyspace, lock, now, migrations);
      else if (performance.now() > give_up) {
        throw failure("unavailable", "another node has been changing the schema for too long");
      } else await Bun.sleep(LOOK_AGAIN_MS);
    }
  } catch (error) {
    throw asFailure(error);
  }
}

async function underLock(
  client: Client,
  keyspace: string,
  lock: SchemaLock,
  now: number,
  migrations: readonly Migration[],
): Promise<void> {
  try {
    // Who held the lock before may have done it all.
    const found = await version(client, keyspace);
    for (const migration of migrations) {
      const { number, name } = migration;
      if (number <= found) continue;
      for (const statement of migration.statements(keyspace)) {
        if (!(await lock.renew())) return;
        await ddl(client, statement);
      }
      await client.execute(
        `INSERT INTO ${nameOf(keyspace, "migrations")} (number, name, applied_at) VALUES (?, ?, ?)`,
        [number, name, BigInt(now)],
        QUORUM,
      );
    }
  } finally {
    await lock.release();
  }
}

async function checkedVersion(client: Client, keyspace: string, known: number): Promise<number> {
  const found = await version(client, keyspace);
  if (found <= known) return found;
  throw failure(
    "schema",
    `the keyspace ${keyspace} is at schema ${found}, this program knows schemas up to ${known}: ` +
      "start the newer program that made it, or use another keyspace",
  );
}

async function version(client: Client, keyspace: string): Promise<number> {
  const query = `SELECT number, applied_at FROM ${nameOf(keyspace, "migrations")}`;
  const steps = await ifThere(client.execute(query, [], QUORUM));
  return Math.max(0, ...(steps?.rows.map((row) => Number(row["number"])) ?? []));
}

/**
 * Undefined while a node does not know the table. Asking the schema first would not help: it lists a table a moment
 * before its node takes statements for it.
 */
async function ifThere<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isUnknownTable(error)) return undefined;
    throw error;
  }
}

function isUnknownTable(error: unknown): boolean {
  if (!(error instanceof errors.ResponseError)) return false;
  const invalid: number = types.responseErrorCodes.invalid;
  return error.code === invalid && /does not exist|unconfigured/.test(error.message);
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
