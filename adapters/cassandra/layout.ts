/**
 * How the tables lie in Cassandra: each column of a key is a column, and the row is one cell, so that of two writes one
 * stands whole. docs/adr/0011 says why.
 */
import type { TableName } from "@damso/core/tables";

export type Column = { name: string; type: "text" | "bigint" | "int" };

export type Layout = {
  /** In the order of the key. */
  columns: readonly Column[];
  /** How many of them make the partition. */
  partition: number;
  /**
   * Numbers of the second column that share a partition, so that no partition grows for ever. It becomes a column
   * `bucket` of the partition, and `ends` knows the last bucket that there is.
   */
  bucket_rows?: number;
  /** What follows WITH, where the engine's defaults do not fit. */
  options?: string;
};

const text = (name: string): Column => ({ name, type: "text" });
const int = (name: string): Column => ({ name, type: "int" });
const bigint = (name: string): Column => ({ name, type: "bigint" });

/** Added to the partition of a table that has buckets. */
export const BUCKET: Column = bigint("bucket");
export const ROW: Column = text("row");

/**
 * Rows that live for seconds: what is deleted has to leave soon, or who reads the partition reads graves. It may leave
 * when every node has heard of it, and hints tell a node for three hours what it missed.
 */
const SHORT_LIVED =
  "gc_grace_seconds = 14400 AND compaction = {'class': 'LeveledCompactionStrategy'}";

export const LAYOUT: { [T in TableName]: Layout } = {
  channels: { columns: [text("channel_id")], partition: 1 },
  messages: {
    columns: [text("channel_id"), bigint("seq")],
    partition: 1,
    // About 10 MB, and 50 MB where every message is as long as fits.
    bucket_rows: 10_000,
  },
  // A body may have 600 KB as text.
  bodies: { columns: [text("channel_id"), bigint("seq")], partition: 1, bucket_rows: 100 },
  sends: {
    columns: [text("channel_id"), int("month"), text("sender_id"), text("client_id")],
    partition: 2,
  },
  marks: { columns: [text("channel_id")], partition: 1 },
  users: { columns: [text("user_id")], partition: 1 },
  feed: { columns: [text("user_id"), bigint("pos")], partition: 1 },
  user_channels: { columns: [text("user_id"), text("channel_id")], partition: 1 },
  pushes: {
    columns: [int("bucket"), bigint("due_at"), text("user_id"), bigint("pos")],
    partition: 1,
    options: SHORT_LIVED,
  },
  checkpoint: { columns: [int("shard")], partition: 1 },
  flushed: { columns: [int("shard")], partition: 1 },
  tells: { columns: [int("shard"), bigint("n")], partition: 1, options: SHORT_LIVED },
  fed: { columns: [int("shard"), int("source")], partition: 1 },
};

/** The columns that a partition of the table has in Cassandra. */
export function partitionColumns({ columns, partition, bucket_rows }: Layout): Column[] {
  return [...columns.slice(0, partition), ...(bucket_rows === undefined ? [] : [BUCKET])];
}
