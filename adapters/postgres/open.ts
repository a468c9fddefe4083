/** The accounts store of a cluster: PostgreSQL, shared by all nodes. */
import type { Accounts } from "@damso/core/ports/accounts";
import type { Records } from "@damso/core/ports/rows";
import type { Signal } from "@damso/core/ports/signal";
import { sqlAccounts } from "../sql/accounts.ts";
import { attempt, createBound } from "../sql/calls.ts";
import type { Database, Dialect } from "../sql/database.ts";
import { migrate } from "../sql/migrate.ts";
import { sqlRecords } from "../sql/records.ts";
import { asFailure, asOpenFailure, failure, mayRepeat } from "./failure.ts";
import type { Pool, PoolOptions } from "./pool.ts";
import { createPool } from "./pool.ts";

export type PostgresOptions = PoolOptions;

const POSTGRES: Dialect = {
  // A sequence is never set back, also not by a rollback or a crash.
  identity: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
  findMigrations:
    "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'migrations'",
  beforeMigrations: [
    // A step may take longer than a statement of every day, and so may waiting for a node that does it.
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL lock_timeout = 0",
    // Any number, the same in all nodes; it is the lock of this database only.
    "SELECT pg_advisory_xact_lock(7263501937240385)",
  ],
  forShare: "FOR SHARE",
};

const VERSION_MIN = 130_000;
/** Calls that may be under way or wait for a connection; one more is refused with `busy` (I20). */
const WAITING_MAX = 1_000;
/** Of a transaction that another one got in the way of. */
const TRIES = 6;
const TRY_AGAIN_MS = 20;

/** Opens the store, making and migrating the tables as needed. `now` stamps the migrations. */
export async function openPostgresAccounts(
  options: PostgresOptions,
  now: number,
): Promise<Accounts> {
  return sqlAccounts(await openMigrated(options, now));
}

/** The same store as rows, while no server works with it. */
export async function openPostgresRecords(options: PostgresOptions, now: number): Promise<Records> {
  return sqlRecords(await openMigrated(options, now));
}

async function openMigrated(options: PostgresOptions, now: number): Promise<Database> {
  const database = openPostgres(options);
  try {
    await assertVersion(database);
    await migrate(database, now);
  } catch (error) {
    await database.close();
    throw asOpenFailure(causeOf(error), placeOf(options.url));
  }
  return database;
}

/** Connects when it is first used. */
export function openPostgres(options: PostgresOptions): Database {
  const pool = createPool(options);
  const bounded = createBound(WAITING_MAX, () =>
    failure("busy", "too many calls wait for the accounts"),
  );
  return {
    dialect: POSTGRES,
    read: (work, signal) => bounded(() => attempt(() => pool.use(work), asFailure, signal)),
    write: (work, signal) =>
      bounded(() => attempt(() => repeated(() => begin(pool, work, signal)), asFailure, signal)),
    close: () => pool.close(),
  };
}

function begin<T>(
  pool: Pool,
  work: Parameters<Database["write"]>[0],
  signal: Signal | undefined,
): Promise<T> {
  return pool.use((sql) =>
    sql.begin((tx) => {
      signal?.throwIfAborted();
      return work(tx) as Promise<T>;
    }),
  );
}

/** Done again when another transaction was in the way, later each time and not all at once. */
async function repeated<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES || !mayRepeat(error)) throw error;
      await Bun.sleep(Math.random() * TRY_AGAIN_MS * 2 ** tries);
    }
  }
}

/** An old server misunderstands statements half-way through a migration; better to say so before. */
async function assertVersion(database: Database): Promise<void> {
  const [row] = await database.read(
    (sql) =>
      sql<{ number: string; name: string }[]>`SELECT
        current_setting('server_version_num') AS number, current_setting('server_version') AS name`,
  );
  if (!row || Number(row.number) >= VERSION_MIN) return;
  const needed = VERSION_MIN / 10_000;
  throw failure("version", `the server is PostgreSQL ${row.name}; ${needed} or later is needed`);
}

/** What PostgreSQL said, below the words of the port. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error;
}

/** Without the password. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
