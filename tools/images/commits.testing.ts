/** What the workload committed, and what a store must hold of it. */
import { readFileSync } from "node:fs";
import type { Put, TableName } from "@damso/core/tables";
import type { ChannelId, ClientId, Seq, UserId } from "@damso/protocol/ids";

/** The smallest that LevelDB takes: files change hands often. */
export const WRITE_BUFFER_BYTES: number = 64 * 1024;
export const PEOPLE = 4;
/** Between two sessions of the workload. */
export const SESSION_MS: number = 24 * 3_600_000;

export type SentNote = {
  user_id: UserId;
  channel: ChannelId;
  client_id: ClientId;
  body: string;
  seq: Seq;
};

export type CommitNote = {
  n: number;
  puts: readonly Put[];
  /** Answered since the commit before, and before this one began. */
  sent: SentNote[];
};

export type Row = { table: TableName; key: readonly (string | number)[]; json: string | undefined };
/** By table and key. */
export type Rows = Map<string, Row>;

export function readCommits(file: string): CommitNote[] {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as CommitNote);
}

export const idOf = (table: TableName, key: readonly (string | number)[]): string =>
  `${table} ${key.join("/")}`;

/** Applies a commit: a row that was deleted stays as one without content. */
export function applyCommit(rows: Rows, { puts }: CommitNote): void {
  for (const { table, key, row, json } of puts) {
    const text = row === null ? undefined : (json ?? JSON.stringify(row));
    rows.set(idOf(table, key), { table, key, json: text });
  }
}

/** The rows after the first `count` commits. */
export function rowsAfter(commits: readonly CommitNote[], count: number): Rows {
  const rows: Rows = new Map();
  for (const commit of commits.slice(0, count)) applyCommit(rows, commit);
  return rows;
}
