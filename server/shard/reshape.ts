/**
 * Rewrites the rows that belong to a shard, for shards that begin on rows of others. Each write has the lowest stamp of
 * the new epoch: above all that was, below all that an owner of it will write. And each follows from the state alone,
 * so that it may be done again, by several nodes at once, and late. Rules S14, S19.
 */
import { stampOf } from "@damso/core/log/context";
import { placeOf } from "@damso/core/owner/place";
import type { Table } from "@damso/core/ports/table";
import { boundsOf, renewedCheckpoint } from "@damso/core/shard/checkpoint";
import type { Bounds } from "@damso/core/shard/checkpoint";
import type { CheckpointRow, KeyOf } from "@damso/core/tables";
import { pushesFrom, pushesOf } from "./pushes.ts";
import type { Shape } from "./shape.ts";

export type Change = { shape: Shape; from: Shape; at: number };

export async function reshape(table: Table, { shape, from, at }: Change): Promise<void> {
  // Shards that are no more refuse their former owners too.
  const shards = Math.max(shape.shards, from.shards);
  const bounds = boundsOf(await readCheckpoints(table, shards));
  const floorsOf = await readFloors(table, from, shards);
  await movePushes(table, shape, from);
  await writeShards(table, shape, { shards, bounds, at, floorsOf });
}

type Floors = Pick<CheckpointRow, "tells_from" | "pushes_from">;

export type Beginning = {
  shards: number;
  bounds: Bounds;
  at: number;
  /** Where reads begin that would meet what was deleted; not in a table in which nothing was. */
  floorsOf?: (shard: number) => Floors;
};

/** The rows that each shard of this shape starts from, and that owners of another epoch are refused by. */
export async function writeShards(
  table: Table,
  { epoch }: Shape,
  { shards, bounds, at, floorsOf = () => ({}) }: Beginning,
): Promise<void> {
  const stamp = stampOf(epoch, 0);
  const renewed = renewedCheckpoint(bounds, epochOf(epoch, at), at);
  for (let shard = 0; shard < shards; shard++) {
    const flushed = { epoch, position: 0 };
    const checkpoint = { ...renewed, ...floorsOf(shard) };
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

/**
 * A shard's tells stay its own; its pushes may come from any, so it begins at the least of all. That is the same when
 * some of the rows are new already.
 */
async function readFloors(
  table: Table,
  { shards }: Shape,
  shards_max: number,
): Promise<(shard: number) => Floors> {
  const keys = Array.from({ length: shards_max }, (_, shard) => [shard] as const);
  const rows = await table.many("checkpoint", keys);
  const pushes_from = Math.min(...rows.slice(0, shards).map(pushesFrom));
  return (shard) => {
    const tells_from = rows[shard]?.tells_from;
    return { pushes_from, ...(tells_from !== undefined && { tells_from }) };
  };
}

/** A push waits in the bucket of its user's shard. One that is met again where it was moved to stays there. */
async function movePushes(table: Table, { shards, epoch }: Shape, from: Shape): Promise<void> {
  const stamp = stampOf(epoch, 0);
  for await (const page of pushesOf(table, from.shards)) {
    for (const { key, row } of page) {
      const [bucket, due_at, user_id, pos] = key;
      const home = placeOf(user_id, shards);
      if (home === bucket) continue;
      const there: KeyOf<"pushes"> = [home, due_at, user_id, pos];
      // First there: whoever goes on after a crash finds it in one of the two.
      await table.write([{ put: { table: "pushes", key: there, row }, stamp }]);
      await table.write([{ put: { table: "pushes", key, row: null }, stamp }]);
    }
  }
}
