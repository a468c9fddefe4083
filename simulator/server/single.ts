/** The engine of one process that has everything: one shard on its own disk, and calls in place of a bus. */
import { createBus } from "@damso/adapters/inprocess/bus";
import { createDiscovery } from "@damso/adapters/inprocess/discovery";
import type { Accounts } from "@damso/core/ports/accounts";
import { createShard } from "@damso/core/shard/shard";
import { wallTime } from "../kernel/host.ts";
import type { Host } from "../kernel/host.ts";
import { openDisk, settleLimbo } from "../models/disk.ts";
import type { Disk, DiskWorld } from "../models/disk.ts";
import { pushSink } from "../models/push.ts";
import { noteWarning } from "../world.ts";
import type { World } from "../world.ts";
import type { Engine, Server } from "./server.ts";
import { noteTrims } from "./trims.ts";

export const SHARD = 0;

/** The one process with its store: all shards are its own. */
export async function openSingle(
  world: World,
  disk: Disk,
  server: Server,
  host: Host,
  accounts: Accounts,
): Promise<Engine> {
  const at = diskWorld(world);
  // What the last life had handed to the disk when it died.
  settleLimbo(at, disk, 0.5);
  const bus = createBus();
  const discovery = createDiscovery();
  await discovery.register({
    node_id: server.name,
    roles: ["api", "gateway", "shard"],
    url: `http://${server.name}`,
    region: "",
    zone: "",
    capacity: 1000,
    connections: 0,
    draining: false,
  });
  const shard = await createShard({
    shard: SHARD,
    store: noteTrims(world, openDisk(at, disk, host)),
    ...(world.plan.memory_max && { memory_max: world.plan.memory_max }),
    ...(world.plan.feed_kept && { feed_kept: world.plan.feed_kept }),
    directory: accounts.directory,
    bus,
    push: pushSink(world, host),
    clock: { now: () => wallTime(world.scheduler, host) },
    soon: (run) => void world.scheduler.after(0, "soon", host, run),
    observe: {
      committed() {},
      failed: (error) => {
        world.tally.sometimes("a store failed and was put right");
        world.witness.crashed(host.name, "down");
        noteWarning(world, host.name, "store", error);
      },
      // What was pushed meanwhile could not be noted.
      recovered: () => world.witness.crashed(host.name, "up"),
      warned: (what, error) => noteWarning(world, host.name, what, error),
    },
  });
  bus.serve((command) => shard.request(command));
  return {
    bus,
    discovery,
    attachGateway: (deliver) => void bus.attachGateway(server.name, deliver),
    tick: () => shard.tick(),
    stop: () => shard.stop(),
    isReady: () => shard.failure() === undefined,
  };
}

/** What a disk needs of the world; what lands on it is told as committed. */
export function diskWorld(world: World): DiskWorld {
  const { scheduler, random, tally } = world;
  return { scheduler, random, tally, landed: (puts) => world.witness.committed(SHARD, puts) };
}
