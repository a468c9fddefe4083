/** The two ways in which servers are put together: one process with a disk, or nodes on a log, a table and discovery. */
import { CALM } from "./models/network.ts";
import { createDisk, HEALTHY } from "./models/disk.ts";
import { createRows } from "./models/rows.ts";
import { createServer } from "./server/server.ts";
import { createCluster, engineFaults, recovered, repair, waiting } from "./server/cluster.ts";
import { openSharded } from "./server/sharded.ts";
import { openSingle } from "./server/single.ts";
import type { ClientId } from "@damso/protocol/ids";
import type { World } from "./world.ts";

type Given = Pick<
  World,
  "seed" | "plan" | "scheduler" | "random" | "tally" | "network" | "witness" | "accounts"
>;

/** The world of a run, with its servers not started yet. */
export function wire(given: Given): World {
  given.network.weather = CALM;
  return given.plan.wiring === "single" ? single(given) : sharded(given);
}

function sharded(given: Given): World {
  const { plan, random } = given;
  const cluster = createCluster(plan.shards);
  const servers = Array.from({ length: plan.servers }, (_, n) => {
    const clock = { offset_ms: random.int(-50, 50), rate: 1 };
    return createServer(`n${n + 1}`, clock, (world, self, host, accounts) =>
      openSharded(world, cluster, self, host, accounts),
    );
  });
  const world: World = {
    ...common(given),
    disk: undefined,
    engines: ["log", "table", "discovery"],
    ...engineFaults(cluster, () => world),
    servers,
    repair: () => repair(cluster, world),
    rows: () => recovered(cluster),
    undelivered: () => waiting(cluster, world.truth),
  };
  return world;
}

function common(given: Given): Omit<World, "servers" | "disk" | "repair" | "rows" | "undelivered"> {
  const world = {
    ...given,
    accounts_faults: { unavailable: 0, delay_ms: 0.3 },
    devices: [],
    sockets: 0,
    sends: 0,
    forgotten: new Set<ClientId>(),
    bugs: [],
    healing: false,
    dark: false,
    backup: undefined,
    restored: false,
    truth: createRows(),
    engines: [],
    troubleLog: () => false,
    troubleTable: () => false,
    troubleDiscovery: () => false,
    tableAway: () => false,
  };
  return world;
}

function single(given: Given): World {
  const disk = createDisk();
  const clock = { offset_ms: 0, rate: 1 };
  const server = createServer("n1", clock, (world, self, host, accounts) =>
    openSingle(world, disk, self, host, accounts),
  );
  return {
    ...common(given),
    disk,
    servers: [server],
    repair: () => (disk.faults = HEALTHY),
    rows: () => disk.rows,
    undelivered: () => [],
  };
}
