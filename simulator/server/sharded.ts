/** The engine of one node of a cluster: the shards that it owns over logs and a table, and a bus to the others. */
import type { Accounts } from "@damso/core/ports/accounts";
import type { Bus, GatewayItem, TopicFrame } from "@damso/core/ports/bus";
import type { NodeRecord } from "@damso/core/ports/discovery";
import type { Signal } from "@damso/core/ports/signal";
import { openLogStore } from "@damso/core/log/open";
import type { LogObserver } from "@damso/core/log/context";
import type { LogStore } from "@damso/core/log/store";
import { createOwner } from "@damso/core/owner/owner";
import type { Owner } from "@damso/core/owner/owner";
import { placeOf } from "@damso/core/owner/place";
import { createShard } from "@damso/core/shard/shard";
import type { ShardOwner } from "@damso/core/shard/shard";
import { steadyTime, wallTime } from "../kernel/host.ts";
import type { Host } from "../kernel/host.ts";
import { reachDiscovery } from "../models/discovery.ts";
import { reachLog } from "../models/log.ts";
import { pushSink } from "../models/push.ts";
import { reachTable } from "../models/table.ts";
import { noteWarning } from "../world.ts";
import type { World } from "../world.ts";
import { busOf } from "./bus.ts";
import type { Cluster } from "./cluster.ts";
import { every } from "./server.ts";
import type { Engine, Server } from "./server.ts";
import { noteTrims } from "./trims.ts";

/** What other nodes reach of one that runs. */
export type ClusterNode = {
  host: Host;
  owner: Owner;
  /** Shards whose requests it has subscribed to. */
  serves: ReadonlySet<number>;
  deliver(items: readonly GatewayItem[]): void;
  topics: Map<string, Set<(frame: TopicFrame) => void>>;
};

const OWNER_TICK_MS = 100;
const REGISTER_MS = 3000;
const EPOCH = 1;
/** Small, so that a table that is away for seconds makes the shards busy. */
const UNFLUSHED_BYTES_MAX = 256 * 1024;
/** Small, so that what piles up behind a slow append is parted. */
const BATCH_UNITS_MAX = 16 * 1024;
/** How long a drain may take before the program ends all the same. */
const DRAIN_MS_MAX = 8000;

type Parts = { world: World; cluster: Cluster; host: Host; accounts: Accounts; bus: Bus };

/** A node of a cluster: it takes its share of the shards, one by one. */
export async function openSharded(
  world: World,
  cluster: Cluster,
  server: Server,
  host: Host,
  accounts: Accounts,
): Promise<Engine> {
  const discovery = reachDiscovery(world, cluster.discovery, host);
  const topics: ClusterNode["topics"] = new Map();
  const bus = busOf(world, cluster, host, topics);
  const parts: Parts = { world, cluster, host, accounts, bus };
  const serves = new Set<number>();
  const owner = createOwner({
    node_id: server.name,
    life: host.name,
    bus,
    shards: cluster.logs.shards.length,
    discovery,
    monotonic: () => steadyTime(world.scheduler, host),
    openStore: (shard, signal) => openStore(parts, shard, signal),
    openShard: (shard, store) => openShard(parts, shard, store),
    observe: {
      opened(shard) {
        world.scheduler.note(`${host.name} owns shard ${shard}`);
        cluster.newest.set(shard, host.name);
        serves.add(shard);
        // A former owner that stands still may have pushed what it could not note.
        world.witness.crashed(host.name);
      },
      ended(shard, why) {
        world.scheduler.note(`${host.name} does not own shard ${shard} any more: ${why}`);
        world.tally.sometimes(`a shard was given up: ${why}`);
        serves.delete(shard);
        // Pushes that it had under way are the next owner's too.
        world.witness.crashed(host.name);
      },
      alarmed: (shard, error) => world.bugs.push(`[I25] shard ${shard}: ${String(error)}`),
      warned: (what, error) => noteWarning(world, host.name, what, error),
    },
  });
  const node: ClusterNode = { host, owner, serves, deliver: () => {}, topics };
  cluster.nodes.set(server.name, node);
  const register = (): void =>
    void discovery
      .register(recordOf(server))
      .catch((error: unknown) => noteWarning(world, host.name, "register", error));
  register();
  every(world, host, REGISTER_MS, "register", register);
  every(world, host, OWNER_TICK_MS, "owner tick", () => void owner.tick());
  return {
    bus,
    discovery,
    attachGateway: (deliver) => (node.deliver = deliver),
    tick: () => Promise.resolve(),
    async stop() {
      await Promise.race([
        owner.drain(),
        world.scheduler.pause(DRAIN_MS_MAX, "drain is over", host),
      ]);
      await discovery.withdraw(server.name).catch(() => {});
    },
    isReady: () => owner.failure() === undefined,
  };
}

function recordOf(server: Server): NodeRecord {
  return {
    node_id: server.name,
    roles: ["api", "gateway", "shard"],
    url: `http://${server.name}`,
    region: "",
    zone: "",
    capacity: 1000,
    connections: server.life?.streams.size ?? 0,
    draining: false,
  };
}

function openStore(
  { world, cluster, host }: Parts,
  shard: number,
  signal: Signal,
): Promise<LogStore> {
  return openLogStore({
    shard,
    epoch: EPOCH,
    writer: `${host.name}/${++cluster.writers}`,
    log: reachLog(world, cluster.logs, shard, host),
    table: reachTable(world, cluster.table, host),
    pause: (ms) => world.scheduler.pause(ms, "log pause", host),
    observe: observerOf(world, host),
    signal,
    unflushed_bytes_max: UNFLUSHED_BYTES_MAX,
  });
}

function observerOf(world: World, host: Host): LogObserver {
  const { tally } = world;
  return {
    adopted: () => tally.sometimes("a record whose append was not answered was adopted"),
    retried: () => tally.sometimes("an append was tried again"),
    fenced: () => tally.sometimes("an owner was fenced"),
    flushed: () => tally.sometimes("rows were flushed"),
    delayed: (error) => {
      tally.sometimes("a flush failed and was tried again");
      noteWarning(world, host.name, "flush", error);
    },
    alarmed: (error) => world.bugs.push(`[I25] ${String(error)}`),
  };
}

function openShard(
  { world, cluster, host, accounts, bus }: Parts,
  shard: number,
  store: LogStore,
): Promise<ShardOwner> {
  const count = cluster.logs.shards.length;
  return createShard({
    shard,
    place: { shard: (key) => placeOf(key, count) },
    store: noteTrims(world, store),
    batch_units_max: BATCH_UNITS_MAX,
    ...(world.plan.memory_max && { memory_max: world.plan.memory_max }),
    ...(world.plan.feed_kept && { feed_kept: world.plan.feed_kept }),
    pressed() {
      const pressed = store.pressed();
      if (pressed) world.tally.sometimes("a shard was pressed by its table");
      return pressed;
    },
    directory: accounts.directory,
    bus,
    push: pushSink(world, host, () => cluster.newest.get(shard) !== host.name),
    clock: { now: () => wallTime(world.scheduler, host) },
    soon: (run) => void world.scheduler.after(0, "soon", host, run),
    observe: {
      committed() {},
      failed: (error) => noteWarning(world, host.name, `shard ${shard}`, error),
      recovered: () => world.witness.crashed(host.name, "up"),
      warned: (what, error) => noteWarning(world, host.name, `shard ${shard} ${what}`, error),
    },
  });
}
