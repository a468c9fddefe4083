/** The stores of a cluster, while no node of it runs. */
import { stampOf } from "@damso/core/log/context";
import { placeOf } from "@damso/core/owner/place";
import type { Records } from "@damso/core/ports/rows";
import type { Stamped } from "@damso/core/ports/table";
import { boundsOf } from "@damso/core/shard/checkpoint";
import { logMark, undrained, usedLogs } from "../shard/drained.ts";
import { scanPushes } from "../shard/pushes.ts";
import { readCheckpoints, writeShards } from "../shard/reshape.ts";
import type { Shape, ShapeDeps, ShapeState } from "../shard/shape.ts";
import { isSame, parseShape, say } from "../shard/shape.ts";
import { ALL_TABLES, placedKey } from "./tables.ts";
import type { MediaStore, PortableRow, Stores } from "./stores.ts";
import { refused } from "./stores.ts";

export type ClusterDeps = ShapeDeps & {
  name: string;
  shape: Shape;
  records: Records;
  media: MediaStore;
  pause: (ms: number) => Promise<void>;
  close(): Promise<void>;
};

const WRITE_TRIES = 8;
const WRITE_AGAIN_MS = 25;

export function clusterStores(deps: ClusterDeps): Stores {
  const { name, table, cell, shape, records, media, now } = deps;
  const importing: ShapeState = { kind: "importing", shape, at: now };
  return {
    name,
    scan: (one) => (one === "pushes" ? scanPushes(table, shape.shards) : table.scan(one)),
    records,
    media,
    assertDrained: () => assertDrained(deps),
    bounds: async () => boundsOf(await readCheckpoints(table, shape.shards)),
    async begin() {
      await assertNoRows(deps);
      if (!(await cell.swap(undefined, JSON.stringify(importing))))
        throw refused(`${name} is a cluster already: an import goes into an empty keyspace`);
    },
    put: (rows) => put(deps, rows),
    async finish(bounds) {
      await writeShards(table, shape, { shards: shape.shards, bounds, at: now });
      const settled: ShapeState = { kind: "settled", shape };
      if (!(await cell.swap(JSON.stringify(importing), JSON.stringify(settled))))
        throw refused(`${name} was changed by somebody else meanwhile`);
    },
    async close() {
      await records.close();
      await media.close();
      await deps.close();
    },
  };
}

async function assertDrained(deps: ClusterDeps): Promise<string> {
  const { cell, shape, name } = deps;
  const state = parseShape(await cell.read());
  if (!state) throw refused(`there is no cluster at ${name}`);
  if (state.kind !== "settled" || !isSame(state.shape, shape))
    throw refused(`${name} has ${say(state.shape)} (${state.kind}): say so here too`);
  const reason = await undrained(deps, shape);
  if (reason !== undefined) throw refused(`${name} is not drained: ${reason}`);
  return await logMark(deps, shape);
}

/** Also of those that are not carried, and of logs that somebody has left. */
async function assertNoRows(deps: ClusterDeps): Promise<void> {
  const { table, shape, name } = deps;
  for (const one of ALL_TABLES) {
    for await (const page of table.scan(one))
      if (page.length > 0) throw refused(`${name} has rows in ${one}: empty its keyspace first`);
  }
  const reason = await usedLogs(deps, shape);
  if (reason !== undefined) throw refused(`${name}: ${reason}`);
}

/** Below every record of the epoch's logs, so that what owners write later counts. */
async function put(deps: ClusterDeps, rows: readonly PortableRow[]): Promise<void> {
  const { shape } = deps;
  const stamp = stampOf(shape.epoch, 0);
  const stamped = rows.map(({ table: name, key, json }): Stamped => {
    const placed = placedKey(name, key, (user_id) => placeOf(user_id, shape.shards));
    const one = { table: name, key: placed, row: JSON.parse(json) as unknown, json };
    return { put: one as unknown as Stamped["put"], stamp };
  });
  const partitions = Map.groupBy(stamped, ({ put: { table: name, key } }) => `${name} ${key[0]}`);
  await Promise.all([...partitions.values()].map((partition) => write(deps, partition)));
}

/** An import of hours does not end for a node of Cassandra that is away for some seconds: written twice is the same. */
async function write(
  { table, pause }: Pick<ClusterDeps, "table" | "pause">,
  partition: readonly Stamped[],
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await table.write(partition);
    } catch (error) {
      if (tries === WRITE_TRIES) throw error;
    }
    await pause(WRITE_AGAIN_MS * 2 ** tries);
  }
}
