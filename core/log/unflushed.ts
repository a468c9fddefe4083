/**
 * Committed rows that may not be in the table yet, the newest of each key, deletions too. Kept by partition, because
 * reads ask for a partition and the table is written one partition at a time. Rules S15, S16.
 */
import type { Range } from "../ports/store.ts";
import type { TableName } from "../tables.ts";
import { keyText } from "./record.ts";
import type { Key, LoggedRow } from "./record.ts";

/** A row and the sequence of the record that last put it. Never changed: a later put is a new one. */
export type Held = LoggedRow & { seq: number };

export type Unflushed = {
  apply(rows: readonly LoggedRow[], seq: number): void;
  get(table: TableName, key: Key): Held | undefined;
  /** In the order of the range, deletions included, its limit not applied. */
  within(table: TableName, range: Range): Held[];
  /** The rows as they are now, those of one partition together. */
  partitions(): Held[][];
  /** Forgets those that no later record has put again. */
  drop(rows: readonly Held[]): void;
  bytes(): number;
};

/** What a held row costs beside its text, about. */
const ROW_BYTES = 100;

const bytesOf = (row: Held): number => ROW_BYTES + (row.json?.length ?? 0);

export function createUnflushed(): Unflushed {
  const partitions = new Map<string, Map<string, Held>>();
  let bytes = 0;
  const partitionOf = (table: TableName, key: Key): string => keyText(table, key.slice(0, 1));

  function put(row: Held): void {
    const partition = partitionOf(row.table, row.key);
    let rows = partitions.get(partition);
    if (!rows) partitions.set(partition, (rows = new Map()));
    const id = keyText(row.table, row.key);
    const before = rows.get(id);
    if (before) bytes -= bytesOf(before);
    rows.set(id, row);
    bytes += bytesOf(row);
  }

  function drop(row: Held): void {
    const partition = partitionOf(row.table, row.key);
    const rows = partitions.get(partition);
    const id = keyText(row.table, row.key);
    if (rows?.get(id)?.seq !== row.seq) return;
    rows.delete(id);
    bytes -= bytesOf(row);
    if (rows.size === 0) partitions.delete(partition);
  }

  return {
    apply(rows, seq) {
      for (const row of rows) put({ ...row, seq });
    },
    get: (table, key) => partitions.get(partitionOf(table, key))?.get(keyText(table, key)),
    within(table, range) {
      const rows = partitions.get(partitionOf(table, range.prefix));
      if (!rows) return [];
      const way = range.reverse ? -1 : 1;
      return [...rows.values()]
        .filter(({ key }) => isWithin(key, range))
        .sort((a, b) => way * compareKeys(a.key, b.key));
    },
    partitions: () => [...partitions.values()].map((rows) => [...rows.values()]),
    drop: (rows) => rows.forEach(drop),
    bytes: () => bytes,
  };
}

/** Column by column, numbers in numeric order, as in the table. */
export function compareKeys(a: Key, b: Key): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i] as string | number, b[i] as string | number];
    if (x !== y) return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

function isWithin(key: Key, { prefix, from, to }: Range): boolean {
  if (prefix.some((column, i) => column !== key[i])) return false;
  const next = key[prefix.length];
  if (next === undefined) return from === undefined && to === undefined;
  return (from === undefined || next >= from) && (to === undefined || next <= to);
}
