/** The last bucket of each partition of the port: what is known of it here, and what is written of it. */
import type { Stamped } from "@damso/core/ports/table";
import type { TableName } from "@damso/core/tables";
import { putEnd, selectEnd } from "./buckets.ts";
import { bucketOf } from "./cql.ts";
import { LAYOUT } from "./layout.ts";
import type { Session } from "./session.ts";

export type Ends = {
  /** Resolves when the ends cover these rows: a row that nobody can find was not written. */
  cover(rows: readonly Stamped[]): Promise<void>;
  read(table: TableName, partition: string): Promise<number>;
};

/** Partitions of more than one bucket that were written lately; the others cost one write more. */
const KNOWN_MAX = 10_000;

export function createEndsOn(session: Session, keyspace: string): Ends {
  const known = new Map<string, number>();

  async function put(table: TableName, partition: string, bucket: number): Promise<void> {
    const id = `${table}/${partition}`;
    if ((known.get(id) ?? 0) >= bucket) return;
    await session.run(putEnd(keyspace, table, partition, bucket));
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(id, Math.max(bucket, known.get(id) ?? 0));
  }

  return {
    async cover(rows) {
      const highest = new Map<string, { table: TableName; partition: string; bucket: number }>();
      for (const { put: row } of rows) {
        const bucket = bucketOf(LAYOUT[row.table], row.key) ?? 0;
        const partition = String(row.key[0]);
        const id = `${row.table}/${partition}`;
        // The first bucket is always looked at.
        if (bucket > (highest.get(id)?.bucket ?? 0)) {
          highest.set(id, { table: row.table, partition, bucket });
        }
      }
      for (const { table, partition, bucket } of highest.values()) {
        await put(table, partition, bucket);
      }
    },
    async read(table, partition) {
      const [found] = await session.run(selectEnd(keyspace, table, partition));
      return Number(found?.["bucket"] ?? 0);
    },
  };
}
