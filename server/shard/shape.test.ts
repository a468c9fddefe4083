import { expect, test } from "bun:test";
import { createFakeCell } from "@damso/contracts/fakes/cell";
import { createFakeScans } from "@damso/contracts/fakes/scans";
import { createFakeTable } from "@damso/contracts/fakes/table";
import { rejection } from "@damso/contracts/rejection";
import { stampOf } from "@damso/core/log/context";
import { placeOf } from "@damso/core/owner/place";
import type { NodeRecord } from "@damso/core/ports/discovery";
import type { Put, Tables } from "@damso/core/tables";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import type { Shape, ShapeDeps } from "./shape.ts";
import { parseShape, settleShape } from "./shape.ts";

const NOW = 1_800_000_000_000;
const USERS = Array.from({ length: 12 }, (_, at) => `15000000000000000${at + 10}` as UserId);

function scene() {
  const fake = createFakeTable();
  const table = { ...fake, ...createFakeScans(fake) };
  const nodes: string[] = [];
  const ends = new Map<string, number>();
  const deps: ShapeDeps = {
    cell: createFakeCell(),
    table,
    now: NOW,
    discovery: {
      list: async () => nodes.map((node_id) => ({ node_id }) as NodeRecord),
      owners: async () => new Map(),
    },
    logEnds: async ({ epoch }, shard) => {
      const last = ends.get(`${epoch}/${shard}`);
      return last === undefined ? undefined : { first: last + 1, last };
    },
  };
  const put = (one: Put, seq: number, epoch = 1): Promise<void> =>
    table.write([{ put: one, stamp: stampOf(epoch, seq) }]);
  /** As a shard leaves it that was stopped in good order. */
  async function leave(shard: number, last: number, epoch = 1): Promise<void> {
    ends.set(`${epoch}/${shard}`, last);
    await put({ table: "flushed", key: [shard], row: { epoch, position: last } }, last, epoch);
  }
  return { deps, table, nodes, ends, put, leave };
}

const checkpoint = (of: number, epoch: string): Tables["checkpoint"]["row"] => ({
  epoch,
  client_ids_below: NOW + 1000 * of,
  ids_below: NOW + 5000 + of,
  tells_below: NOW * 1000 + of,
});

async function refusal(deps: ShapeDeps, shape: Shape): Promise<string> {
  const error = (await rejection(settleShape(deps, shape))) as Error & { code?: string };
  expect(error.code).toBe("shape");
  return error.message;
}

test("[S19] the first node writes the shape down, and a node with another one does not start", async () => {
  const { deps } = scene();
  await settleShape(deps, { shards: 4, epoch: 2 });
  await settleShape(deps, { shards: 4, epoch: 2 });
  const other = await refusal(deps, { shards: 8, epoch: 2 });
  expect(other).toContain("this cluster has --shards 4 --epoch 2, not --shards 8 --epoch 2");
  expect(other).toContain("--epoch 3");
  expect(await refusal(deps, { shards: 4, epoch: 1 })).toContain("--shards 4 --epoch 2");
});

test("[S19] a new epoch waits until no node runs, every record is in the table and every tell is taken", async () => {
  const { deps, nodes, ends, put, leave } = scene();
  await settleShape(deps, { shards: 2, epoch: 1 });
  const wanted = { shards: 3, epoch: 2 };
  nodes.push("n2");
  expect(await refusal(deps, wanted)).toContain("stop all nodes first (n2 still listed");
  nodes.pop();
  await leave(0, 7);
  ends.set("1/1", 4);
  expect(await refusal(deps, wanted)).toContain("shard 1 has records that are not in the table");
  await leave(1, 4);
  await put({ table: "tells", key: [1, 9], row: { tells: [] } }, 3);
  expect(await refusal(deps, wanted)).toContain("shard 1 has told others what they have not taken");
  await put({ table: "tells", key: [1, 9], row: null }, 4);
  ends.set("1/0", 3);
  expect(await refusal(deps, wanted)).toContain("ends before what the table has of it");
  await leave(0, 7);
  await settleShape(deps, wanted);
  expect(parseShape(await deps.cell.read())).toEqual({ kind: "settled", shape: wanted });
});

test("[S19][S6][S9][D15][D23] every shard of a new epoch begins above what any shard has given out", async () => {
  const { deps, table, put, leave } = scene();
  await settleShape(deps, { shards: 2, epoch: 1 });
  for (const shard of [0, 1]) {
    await put({ table: "checkpoint", key: [shard], row: checkpoint(shard, `e${shard}`) }, 1);
    await leave(shard, 9);
  }
  await settleShape(deps, { shards: 3, epoch: 2 });
  const rows = await Promise.all([0, 1, 2].map((shard) => table.get("checkpoint", [shard])));
  for (const row of rows) {
    expect(row).toMatchObject({ ids_below: NOW + 5001, tells_below: NOW * 1000 + 1 });
    expect(row?.client_ids_below).toBe(NOW + 120_000);
    expect(row?.epoch).toBe(`${NOW.toString(36)}e2`);
  }
  // An owner of the first epoch that was asleep finds that it is of the past.
  for (const shard of [0, 1, 2])
    expect(await table.get("flushed", [shard])).toEqual({ epoch: 2, position: 0 });
  await put({ table: "flushed", key: [1], row: { epoch: 1, position: 12 } }, 12);
  expect(await table.get("flushed", [1])).toEqual({ epoch: 2, position: 0 });
});

test("[S19] fewer shards: pushes go to the bucket of their user, conversations stay as they are", async () => {
  const { deps, table, put, leave } = scene();
  await settleShape(deps, { shards: 5, epoch: 1 });
  const channel = "g1500000000000000001" as ChannelId;
  for (const user of USERS)
    await put(
      { table: "pushes", key: [placeOf(user, 5), NOW, user, 3], row: { channel, seq: 1 } },
      2,
    );
  await put({ table: "bodies", key: [channel, 1], row: { body: "x" } }, 2);
  for (let shard = 0; shard < 5; shard++) await leave(shard, 2);
  const before = table.dump().match(/^bodies.*$/m)?.[0];
  await settleShape(deps, { shards: 2, epoch: 2 });
  for (let bucket = 0; bucket < 5; bucket++) {
    const rows = await table.range("pushes", { prefix: [bucket], limit: 99 });
    const theirs = bucket < 2 ? USERS.filter((user) => placeOf(user, 2) === bucket) : [];
    expect(rows.map(({ key }) => key[2])).toEqual(theirs);
  }
  expect(table.dump().match(/^bodies.*$/m)?.[0]).toBe(before);
});

/** As Cassandra does: a read of what was deleted lately fails, and so does one of the whole table. */
function refuseGraves(table: ReturnType<typeof scene>["table"], below: number): void {
  const { range, scan } = table;
  table.range = (name, asked, signal) =>
    (name === "tells" || name === "pushes") && Number(asked.from ?? 0) < below
      ? Promise.reject(new Error(`too many tombstones in ${name}`))
      : range(name, asked, signal);
  table.scan = (name) => {
    if (name === "tells" || name === "pushes") throw new Error(`too many tombstones in ${name}`);
    return scan(name);
  };
}

test("[S19][S9] a new epoch reads no rows that were deleted, and its shards begin behind them too", async () => {
  const { deps, table, put, leave } = scene();
  const from = { shards: 3, epoch: 1 };
  const floors = { tells_from: NOW - 500, pushes_from: NOW - 500 };
  await settleShape(deps, from);
  const channel = "g1500000000000000001" as ChannelId;
  for (let shard = 0; shard < 3; shard++) {
    const row = { ...checkpoint(shard, "e1"), ...floors, pushes_from: NOW - 500 + shard };
    await put({ table: "checkpoint", key: [shard], row }, 1);
    await leave(shard, 9);
  }
  // More than a page, and more of one moment than a page.
  const pushes = Array.from({ length: 1300 }, (_, pos) => ({ pos, due_at: NOW + (pos & 1) }));
  const [user] = USERS as [UserId];
  for (const { pos, due_at } of pushes)
    await put(
      { table: "pushes", key: [placeOf(user, 3), due_at, user, pos], row: { channel, seq: 1 } },
      2,
    );
  refuseGraves(table, NOW - 500);
  const wanted = { shards: 8, epoch: 2 };
  await settleShape(deps, wanted);
  expect(parseShape(await deps.cell.read())).toEqual({ kind: "settled", shape: wanted });
  const moved = { prefix: [placeOf(user, 8)], from: NOW, limit: 9999 };
  expect(await table.range("pushes", moved)).toHaveLength(pushes.length);
  for (let shard = 0; shard < 8; shard++)
    expect((await table.get("checkpoint", [shard]))?.pushes_from).toBe(NOW - 500);
  expect((await table.get("checkpoint", [2]))?.tells_from).toBe(NOW - 500);
});

test("[S19] a change that was interrupted is finished by the next node, and done twice it is the same", async () => {
  const { deps, table, put, leave } = scene();
  await settleShape(deps, { shards: 2, epoch: 1 });
  await put({ table: "checkpoint", key: [1], row: checkpoint(7, "old") }, 1);
  for (const shard of [0, 1]) await leave(shard, 3);
  const wanted = { shards: 4, epoch: 2 };
  const swap = deps.cell.swap;
  let swaps = 0;
  deps.cell.swap = async (from, to) => {
    if (++swaps === 2) throw new Error("the node died");
    return swap(from, to);
  };
  expect(String(await rejection(settleShape(deps, wanted)))).toContain("the node died");
  const half = table.dump();
  expect(await refusal(deps, { shards: 2, epoch: 1 })).toContain("is being changed to --shards 4");
  await settleShape({ ...deps, now: NOW + 999 }, wanted);
  expect(table.dump()).toBe(half);
  await settleShape(deps, wanted);
});

test("[S19] nodes that come together with a new shape begin it once", async () => {
  const { deps, leave } = scene();
  await settleShape(deps, { shards: 2, epoch: 1 });
  for (const shard of [0, 1]) await leave(shard, 3);
  const wanted = { shards: 4, epoch: 2 };
  await Promise.all([0, 1, 2].map((at) => settleShape({ ...deps, now: NOW + at }, wanted)));
  expect(parseShape(await deps.cell.read())).toEqual({ kind: "settled", shape: wanted });
});

test("[S19] stores that were put back begin a new epoch whatever their logs hold, and keep their tells", async () => {
  const { deps, table, ends, put } = scene();
  await settleShape(deps, { shards: 2, epoch: 1 });
  ends.set("1/0", 700);
  await put({ table: "tells", key: [1, 9], row: { tells: [] } }, 3);
  const restored = { restored: true };
  const other = settleShape(deps, { shards: 3, epoch: 2 }, restored);
  expect(String(await rejection(other))).toContain("shard 1 has told others");
  ends.set("2/1", 1);
  const used = settleShape(deps, { shards: 2, epoch: 2 }, restored);
  expect(String(await rejection(used))).toContain("there are logs of epoch 2 already");
  ends.delete("2/1");
  await settleShape(deps, { shards: 2, epoch: 2 }, restored);
  const again = settleShape(deps, { shards: 2, epoch: 2 }, restored);
  expect(String(await rejection(again))).toContain("begins another one, --epoch 3");
  expect(await table.get("tells", [1, 9])).toEqual({ tells: [] });
  expect((await table.get("checkpoint", [0]))?.epoch).toBe(`${NOW.toString(36)}e2`);
});
