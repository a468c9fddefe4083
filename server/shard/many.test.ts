import { expect, test } from "bun:test";
import { createBus } from "@damso/adapters/inprocess/bus";
import { createDiscovery } from "@damso/adapters/inprocess/discovery";
import { memoryAccounts } from "@damso/contracts/fakes/accounts";
import { createFakeLog } from "@damso/contracts/fakes/log";
import { createFakeTable } from "@damso/contracts/fakes/table";
import { until } from "@damso/contracts/until";
import { createLog } from "../log.ts";
import { systemClock } from "../timers.ts";
import type { ManyShards } from "../wire.ts";
import { createShardCounters } from "./counters.ts";
import type { EngineDeps } from "./engine.ts";
import { openMany } from "./many.ts";

const SHARDS = 3;

/** `told`: what a shard waits for before its tells are read, when it is opened. */
async function scene(told: (shard: number) => Promise<void>) {
  const served = new Set<number>();
  const table = createFakeTable();
  const { range } = table;
  table.range = async (name, asked, signal) => {
    if (name === "tells") await told(Number(asked.prefix[0]));
    return range(name, asked, signal);
  };
  const shards: ManyShards = {
    kind: "many",
    count: SHARDS,
    epoch: 1,
    unflushed_bytes_max: 1e6,
    openLog: async () => createFakeLog(),
    table,
    serve(shard) {
      served.add(shard);
      return () => void served.delete(shard);
    },
  };
  const discovery = createDiscovery();
  const record = { node_id: "n1", roles: ["shard"], region: "r", zone: "z" };
  await discovery.register({ ...record, capacity: 1, connections: 0, draining: false });
  const wiring = { bus: createBus(), discovery, accounts: memoryAccounts() };
  const log = createLog({ level: "error", format: "json", clock: systemClock, write: () => {} });
  const engine = openMany(
    {
      node_id: "n1",
      wiring,
      push: { push: async () => undefined },
      log,
      metrics: { committed: () => {} },
      shard_counters: createShardCounters(),
    } as unknown as EngineDeps,
    shards,
  );
  return { engine, served };
}

test("[S17] the shards that a node tells are those that it answers for, not one that it only opens", async () => {
  const { engine, served } = await scene(async (shard) => {
    if (shard === 2) await new Promise(() => {});
  });
  await until(() => served.size === 2, "two shards to be served");
  expect(engine.sizes()["shards"]).toBe(2);
  await engine.stop();
  expect(engine.sizes()).toEqual({ shards: 0, unflushed_bytes: 0, unflushed_records: 0 });
  expect(served.size).toBe(0);
}, 60_000);

test("[S17] a shard that could not be opened is not counted, and is when it could", async () => {
  let tries = 0;
  const { engine, served } = await scene(async () => {
    if (++tries <= SHARDS) throw new Error("no quorum");
  });
  await until(() => tries >= SHARDS, "the shards to be tried");
  await Bun.sleep(10);
  expect(engine.sizes()).toEqual({ shards: 0, unflushed_bytes: 0, unflushed_records: 0 });
  await until(() => served.size === SHARDS, "all shards to be served");
  expect(engine.sizes()["shards"]).toBe(SHARDS);
  await engine.stop();
}, 60_000);
