/**
 * Where a shard keeps what it committed. One writer; a commit is atomic and durable before it resolves.
 * Rules: S2 (atomic, fsynced), S3 (reads see commits only), S4 (a failed commit fails all later ones until reopened).
 */
import type { Signal } from "./signal.ts";
import type { KeyOf, Put, RowOf, TableName } from "../tables.ts";

/** Rows of one partition with `from <= clustering columns <= to`, in key order, or the other way round. */
export type Range = {
  /** Leading key columns that all rows share: at least the partition. */
  prefix: readonly (string | number)[];
  /** Inclusive bounds on the next key column. */
  from?: string | number;
  to?: string | number;
  limit: number;
  reverse?: boolean;
};

export type Entry<T extends TableName> = { key: KeyOf<T>; row: RowOf<T> };

/** How committed rows are read, wherever they are kept. */
export type Reads = {
  get<T extends TableName>(table: T, key: KeyOf<T>, signal?: Signal): Promise<RowOf<T> | undefined>;
  /** Rows in the order of the keys asked for; undefined where there is none. */
  many<T extends TableName>(
    table: T,
    keys: readonly KeyOf<T>[],
    signal?: Signal,
  ): Promise<(RowOf<T> | undefined)[]>;
  range<T extends TableName>(table: T, range: Range, signal?: Signal): Promise<Entry<T>[]>;
};

export type ShardStore = Reads & {
  /** Resolves when all puts are on disk; rejects when none may be relied on (the outcome is unknown until `recover`). */
  commit(puts: readonly Put[], signal?: Signal): Promise<void>;
  /** Closes and opens again after a failed commit: afterwards each unknown commit is wholly there or wholly not. */
  recover(signal?: Signal): Promise<void>;
  close(): Promise<void>;
};
