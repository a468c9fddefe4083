/**
 * What one record of the log says, as text: the rows of one commit, never what led to them. So any version can replay
 * what any other wrote. `writer` is unique per opening and `n` per record of it: the same text is the same record.
 */
import type { Put, TableName } from "../tables.ts";
import { logFailure } from "./failure.ts";

export type Key = readonly (string | number)[];

/** `json` null: the row is deleted. */
export type LoggedRow = { table: TableName; key: Key; json: string | null };

/** The last put of each key, encoded now: its owner may change the row later. Rule S3. */
export function rowsOf(puts: readonly Put[]): LoggedRow[] {
  const rows = new Map<string, LoggedRow>();
  for (const { table, key, row, json } of puts) {
    const text = row === null ? null : (json ?? JSON.stringify(row));
    rows.set(keyText(table, key), { table, key: [...key], json: text });
  }
  return [...rows.values()];
}

export function keyText(table: TableName, key: Key): string {
  return JSON.stringify([table, ...key]);
}

export function encodeCommit(writer: string, n: number, rows: readonly LoggedRow[]): string {
  const puts = rows.map(
    ({ table, key, json }) => `{"table":"${table}","key":${JSON.stringify(key)},"row":${json}}`,
  );
  return `{"writer":${JSON.stringify(writer)},"n":${n},"puts":[${puts.join(",")}]}`;
}

/** The first record of every opening. It says nothing; that it is there refuses every earlier writer. */
export function encodeFence(writer: string): string {
  return JSON.stringify({ writer, n: 0, fence: true });
}

type Parsed = { puts?: { table: TableName; key: Key; row: unknown }[] };

/** The rows of a record; none for a fence. Throws `hole` when the text is no record. */
export function decodeRecord(seq: number, text: string): LoggedRow[] {
  try {
    const { puts = [] } = JSON.parse(text) as Parsed;
    return puts.map(({ table, key, row }) => ({
      table,
      key,
      json: row === null ? null : JSON.stringify(row),
    }));
  } catch {
    throw logFailure("hole", `record ${seq} of the log cannot be read`);
  }
}
