/** The two ways in which servers are put together: one process with a disk, or nodes on a log, a table and discovery. */
import { CALM } from "./models/network.ts";
import { createDisk, HEALTHY } from "./models/disk.ts";
import { createRows } from "./models/rows.ts";
import { createServer } from "./server/server.ts";
import { openSingle } from "./server/single.ts";
import type { World } from "./world.ts";

type Given = Pick<World, "seed" | "plan" | "scheduler" | "random" | "tally" | "network" | "witness" | "accounts">;

export function wire(given: Given): World {
  given.network.weather = CALM;
  return single(given);
}

function common(given: Given): Omit<World, "servers" | "disk" | "repair" | "rows" | "undelivered"> {
  const world = {
    ...given,
    accounts_faults: { unavailable: 0, delay_ms: 0.3 },
    devices: [],
    sockets: 0,
    sends: 0,
    bugs: [],
    healing: false,
    backup: undefined,
    truth: createRows(),
    engines: [],
    troubleLog() {},
    troubleTable() {},
    troubleDiscovery() {},
    tableAway() {},
    poll: () => Promise.resolve(),
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
