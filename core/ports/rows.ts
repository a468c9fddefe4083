/**
 * A store as all of its rows, for whoever carries it elsewhere. Nobody writes meanwhile: what is read in pages is no
 * moment of a store that is at work.
 */
import type { TableName } from "../tables.ts";

/** The row as text, as it was written: what a newer program put there is carried too. */
export type RawRow = { key: readonly (string | number)[]; json: string };

export type Scans = {
  /** Every row of the table once, in pages, in any order. */
  scan(table: TableName): AsyncIterable<RawRow[]>;
};

/** The tables of the accounts store, each before those that refer to it. */
export const ACCOUNT_TABLES = [
  "users",
  "credentials",
  "sessions",
  "contacts",
  "blocks",
  "subscriptions",
  "outbox",
] as const;
export type AccountTable = (typeof ACCOUNT_TABLES)[number];

/** One row of the accounts store: whole numbers, texts and null under the names of its columns. */
export type AccountRecord = Record<string, string | number | null>;

/** The accounts store as its rows. Numbers that it gives to rows of its own accord are not among the columns. */
export type Records = {
  /** In pages; those of `outbox` in the order in which they were made. */
  pages(table: AccountTable): AsyncIterable<AccountRecord[]>;
  /** All of them or none. */
  insert(table: AccountTable, records: readonly AccountRecord[]): Promise<void>;
  close(): Promise<void>;
};
