/**
 * Rewrites the rows that belong to a shard, for shards that begin on rows of others. Each write has the lowest stamp of
 * the new epoch: above all that was, below all that an owner of it will write. And each follows from the state alone,
 * so that it may be done again, by several nodes at once, and late. Rules S14, S19.
 */
import { stampOf } from "@damso/core/log/context";
import { placeOf } from "@damso/core/owner/place";
import type { Scans } from "@damso/core/ports/rows";
import type { Table } from "@damso/core/ports/table";
import { boundsOf, renewedCheckpoint } from "@damso/core/shard/checkpoint";
import type { Bounds } from "@damso/core/shard/checkpoint";
import type { CheckpointRow, KeyOf, RowOf } from "@damso/core/tables";
import type { Shape } from "./shape.ts";

export type Change = { shape: Shape; from: Shape; at: number };

export async function reshape(table: Table & Scans, { shape, from, at }: Change): Promise<void> {
  const bounds = boundsOf(await readCheckpoints(table, Math.max(shape.shards, from.shards)));
  await movePushes(table, shape);
  // Shards that are no more refuse their former owners too.
  await writeShards(table, shape, Math.max(shape.shards, from.shards), bounds, at);
}

/** The rows that each shard of this shape starts from, and that owners of another epoch are refused by. */
export async function writeShards(
  table: Table,
  { epoch }: Shape,
  shards: number,
  bounds: Bounds,
  at: number,
): Promise<void> {
  const stamp = stampOf(epoch, 0);
  const checkpoint = renewedCheckpoint(bounds, epochOf(epoch, at), at);
  for (let shard = 0; shard < shards; shard++) {
    const flushed = { epoch, position: 0 };
    await table.write([{ put: { table: "checkpoint", key: [shard], row: checkpoint }, stamp }]);
    await table.write([{ put: { table: "flushed", key: [shard], row: flushed }, stamp }]);
  }
}

/** A cluster begins each epoch once, so the number tells its feeds from all that were before. */
const epochOf = (epoch: number, at: number): string => `${at.toString(36)}e${epoch}`;

export async function readCheckpoints(table: Table, shards: number): Promise<CheckpointRow[]> {
  const keys = Array.from({ length: shards }, (_, shard) => [shard] as const);
  const rows = await table.many("checkpoint", keys);
  return rows.filter((row) => row !== undefined);
}

/** A push waits in the bucket of its user's shard. One that is met again where it was moved to stays there. */
async function movePushes(table: Table & Scans, { shards, epoch }: Shape): Promise<void> {
  const stamp = stampOf(epoch, 0);
  for await (const page of table.scan("pushes")) {
    for (const { key, json } of page) {
      const [bucket, due_at, user_id, pos] = key as unknown as KeyOf<"pushes">;
      const home = placeOf(user_id, shards);
      if (home === bucket) continue;
      const row = JSON.parse(json) as RowOf<"pushes">;
      const there: KeyOf<"pushes"> = [home, due_at, user_id, pos];
      const here: KeyOf<"pushes"> = [bucket, due_at, user_id, pos];
      // First there: whoever goes on after a crash finds it in one of the two.
      await table.write([{ put: { table: "pushes", key: there, row, json }, stamp }]);
      await table.write([{ put: { table: "pushes", key: here, row: null }, stamp }]);
    }
  }
}
