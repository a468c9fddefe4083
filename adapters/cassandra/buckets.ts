/**
 * Which partitions a range touches where a channel has several. `ends` holds the last bucket of each, written before
 * the bucket's first row, so that no row lies behind it.
 */
import type { Statement } from "./cql.ts";
import { bucketAt, nameOf } from "./cql.ts";

export type Bounds = { from: number | undefined; to: number | undefined; reverse: boolean };

/** In the order of the range. `end` is asked for only where the first bucket does not suffice. */
export async function* bucketsOf(
  bucket_rows: number,
  { from = 0, to, reverse }: Bounds,
  end: () => Promise<number>,
): AsyncGenerator<number> {
  const first = bucketAt(bucket_rows, Math.max(0, from));
  if (reverse) {
    let at = to === undefined ? await end() : bucketAt(bucket_rows, to);
    if (at >= first) yield at;
    at = to === undefined || at <= first ? at - 1 : Math.min(at - 1, await end());
    for (; at >= first; at--) yield at;
    return;
  }
  const last = to === undefined ? Infinity : bucketAt(bucket_rows, to);
  if (last >= first) yield first;
  if (last <= first) return;
  const until = Math.min(last, await end());
  for (let at = first + 1; at <= until; at++) yield at;
}

export function createEnds(keyspace: string): string {
  return (
    `CREATE TABLE IF NOT EXISTS ${nameOf(keyspace, "ends")} ` +
    "(table_name text, partition_key text, bucket bigint, PRIMARY KEY ((table_name, partition_key)))"
  );
}

export function selectEnd(keyspace: string, table: string, partition: string): Statement {
  const query =
    `SELECT bucket FROM ${nameOf(keyspace, "ends")} ` +
    "WHERE table_name = ? AND partition_key = ?";
  return { query, params: [table, partition] };
}

/** The stamp is the bucket itself: the highest stays, whoever writes it and whenever. */
export function putEnd(
  keyspace: string,
  table: string,
  partition: string,
  bucket: number,
): Statement {
  const query =
    `UPDATE ${nameOf(keyspace, "ends")} USING TIMESTAMP ? SET bucket = ? ` +
    "WHERE table_name = ? AND partition_key = ?";
  return { query, params: [BigInt(bucket), BigInt(bucket), table, partition] };
}
