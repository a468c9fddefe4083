/**
 * The pushes that wait in a table, read as their owners read them: each bucket from where its rows begin. What was
 * deleted before that stays in a table for hours, and a read of all of it is refused.
 */
import type { RawRow } from "@damso/core/ports/rows";
import type { Entry } from "@damso/core/ports/store";
import type { Table } from "@damso/core/ports/table";
import type { CheckpointRow } from "@damso/core/tables";

type Push = Entry<"pushes">;

const PAGE_ROWS = 500;

/** Each once, while nobody adds any. `shards`: of the shape that the rows lie in. */
export async function* pushesOf(
  table: Pick<Table, "get" | "range">,
  shards: number,
): AsyncGenerator<Push[], void, undefined> {
  for (let bucket = 0; bucket < shards; bucket++) {
    const row = await table.get("checkpoint", [bucket]);
    yield* bucketFrom(table, bucket, pushesFrom(row));
  }
}

/** As rows of a scan. */
export async function* scanPushes(
  table: Pick<Table, "get" | "range">,
  shards: number,
): AsyncGenerator<RawRow[], void, undefined> {
  for await (const page of pushesOf(table, shards))
    yield page.map(({ key, row }) => ({ key, json: JSON.stringify(row) }));
}

export const pushesFrom = (row: CheckpointRow | undefined): number => row?.pushes_from ?? 0;

/** A page ends between two moments, because the next one can begin at a moment only. */
async function* bucketFrom(
  table: Pick<Table, "range">,
  bucket: number,
  begin: number,
): AsyncGenerator<Push[], void, undefined> {
  let from = begin;
  let limit = PAGE_ROWS;
  for (;;) {
    const rows = await table.range("pushes", { prefix: [bucket], from, limit });
    const last = rows.at(-1)?.key[1];
    if (rows.length < limit || last === undefined) {
      if (rows.length > 0) yield rows;
      return;
    }
    const whole = rows.filter(({ key: [, due_at] }) => due_at < last);
    if (whole.length > 0) yield whole;
    // All of one moment: it has to fit into a page.
    limit = whole.length > 0 ? PAGE_ROWS : limit * 2;
    from = last;
  }
}
