/**
 * A relational engine as the queries in this folder see it: the common subset of SQLite and PostgreSQL,
 * through Bun.SQL. An engine's own folder opens it; nothing here knows which one it is.
 */
import type { SQL, TransactionSQL } from "bun";
import type { Signal } from "@damso/core/ports/signal";

export type Transaction = TransactionSQL;

export type Database = {
  dialect: Dialect;
  /** Runs statements that only read; each sees what is committed, and never an open transaction. */
  read<T>(work: (sql: SQL) => Promise<T>, signal?: Signal): Promise<T>;
  /** Runs one transaction: all of it is durable when this resolves, none of it happened when it rejects. */
  write<T>(work: (tx: Transaction) => Promise<T>, signal?: Signal): Promise<T>;
  close(): Promise<void>;
};

/** The few words in which the engines differ. */
export type Dialect = {
  /** Column definition of a key that the engine counts up and never gives out twice. */
  identity: string;
  /** A query with one row if the table `migrations` is there. */
  findMigrations: string;
  /** Statements that begin a migration and let one process at a time do it. */
  beforeMigrations: readonly string[];
  /** Behind a SELECT: its rows stay as they are until the transaction ends. Empty where whoever writes is alone. */
  forShare: string;
};

/** Rows per statement when a list becomes parameters: far below every engine's limit. */
const CHUNK = 500;

export async function inChunks<T, R>(
  items: readonly T[],
  work: (chunk: T[]) => Promise<R[]>,
): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += CHUNK) {
    results.push(...(await work(items.slice(i, i + CHUNK))));
  }
  return results;
}
