/** The embedded accounts store: one SQLite file. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { SQL } from "bun";
import type { Accounts } from "@damso/core/ports/accounts";
import type { Records } from "@damso/core/ports/rows";
import { sqlAccounts } from "../sql/accounts.ts";
import { attempt, createBound } from "../sql/calls.ts";
import type { Database, Dialect } from "../sql/database.ts";
import { migrate } from "../sql/migrate.ts";
import { sqlRecords } from "../sql/records.ts";
import { asFailure, failure } from "./failure.ts";

const SQLITE: Dialect = {
  // AUTOINCREMENT never gives an id out again, also not that of the newest row after its removal.
  identity: "INTEGER PRIMARY KEY AUTOINCREMENT",
  findMigrations: "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'migrations'",
  // Whoever writes is alone.
  beforeMigrations: [],
  forShare: "",
};

/** Transactions that may wait for their turn; one more is refused with `busy` (I20). */
const WAITING_MAX = 1000;
/** Waiting for another process's lock stops everything else in this one, so the wait is short. */
const BUSY_TIMEOUT_MS = 500;

/** Opens the store, making and migrating the file as needed. `now` stamps the migrations. */
export async function openSqliteAccounts(file: string, now: number): Promise<Accounts> {
  return sqlAccounts(await openMigrated(file, now));
}

/** The same store as rows, while no server has it. */
export async function openSqliteRecords(file: string, now: number): Promise<Records> {
  return sqlRecords(await openMigrated(file, now));
}

async function openMigrated(file: string, now: number): Promise<Database> {
  const database = await openSqlite(file);
  try {
    await migrate(database, now);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

/**
 * Two connections on one file. Bun.SQL runs a plain statement inside whatever transaction is open on its connection:
 * it would read uncommitted rows, and its writes would vanish with a rollback. So transactions have a connection of
 * their own, where they queue one after the other, and reads have another, which sees commits only.
 */
export async function openSqlite(file: string): Promise<Database> {
  createPrivately(file);
  const writer = new SQL({ adapter: "sqlite", filename: file });
  await writer`PRAGMA journal_mode = WAL`;
  // FULL: a commit is fsynced before it is answered.
  await writer`PRAGMA synchronous = FULL`;
  await writer`PRAGMA foreign_keys = ON`;
  await writer.unsafe(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  const reader = new SQL({ adapter: "sqlite", filename: file, readonly: true });
  await reader.unsafe(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return {
    dialect: SQLITE,
    read: (work, signal) => attempt(() => work(reader), asFailure, signal),
    write: writing(writer),
    close: async () => {
      await reader.close();
      await writer.close();
    },
  };
}

function writing(writer: SQL): Database["write"] {
  const bounded = createBound(WAITING_MAX, () =>
    failure("busy", "too many account changes are waiting"),
  );
  // IMMEDIATE: a transaction that begins as a reader can fail half-way when it starts to write.
  return (work, signal) =>
    bounded(() =>
      attempt(
        () =>
          writer.begin("immediate", (tx) => {
            signal?.throwIfAborted();
            return work(tx);
          }),
        asFailure,
        signal,
      ),
    );
}

/** The file holds password hashes: only its owner may read it. SQLite gives its journals the same mode. */
function createPrivately(file: string): void {
  if (file.includes("?")) throw new Error(`a database path cannot contain "?": ${file}`);
  if (existsSync(file)) return;
  const directory = dirname(file);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  closeSync(openSync(file, "a", 0o600));
  const handle = openSync(directory, "r");
  fsyncSync(handle);
  closeSync(handle);
}
