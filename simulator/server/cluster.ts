/** What the nodes of a cluster share: logs, a table, discovery, and who runs at the moment. */
import type { TableName } from "@damso/core/tables";
import { createDiscoveryService, SOUND } from "../models/discovery.ts";
import type { DiscoveryService } from "../models/discovery.ts";
import { until } from "../faults/until.ts";
import { createLogs, putsOf, TRUSTY } from "../models/log.ts";
import type { Logs } from "../models/log.ts";
import { textOf } from "../models/rows.ts";
import type { Rows } from "../models/rows.ts";
import { createTable, settleAll, STEADY } from "../models/table.ts";
import type { TableService } from "../models/table.ts";
import type { World } from "../world.ts";
import type { ClusterNode } from "./sharded.ts";

export type Cluster = {
  logs: Logs;
  table: TableService;
  discovery: DiscoveryService;
  nodes: Map<string, ClusterNode>;
  /** The node that opened each shard last; others may still believe that it is theirs. */
  newest: Map<number, string>;
  /** Store openings so far: each is a writer of its own. */
  writers: number;
};

/** Engines that are up and empty, and no node yet. */
export function createCluster(shards: number): Cluster {
  return {
    logs: createLogs(shards),
    table: createTable(),
    discovery: createDiscoveryService(),
    nodes: new Map(),
    newest: new Map(),
    writers: 0,
  };
}

/** Ends every fault of the engines. */
export function repair({ logs, table, discovery }: Cluster, world: Pick<World, "random">): void {
  logs.faults = TRUSTY;
  table.faults = STEADY;
  settleAll(world, table);
  discovery.faults = SOUND;
}

/** What an owner would find that took all shards over now: the table, and on it what the logs have beyond it. */
export function recovered({ logs, table }: Cluster): Rows {
  const rows = table.rows.copy();
  for (const { shard, records, first } of logs.shards) {
    const position = rows.get("flushed", [shard])?.position ?? 0;
    for (const record of records.slice(Math.max(position, first - 1)))
      for (const put of putsOf(record)) rows.put(put, textOf(put));
  }
  return rows;
}

/** Shards without one owner, and tells that were not taken over yet, in words. */
export function waiting({ logs, nodes }: Cluster, truth: Rows): string[] {
  const open: string[] = [];
  for (const { shard } of logs.shards) {
    const owners = [...nodes.values()].filter(({ host, owner }) => host.alive && owner.owns(shard));
    if (owners.length !== 1) open.push(`shard ${shard} has ${owners.length} owners`);
    const tells: TableName = "tells";
    const rows = truth.range(tells, { prefix: [shard], limit: 1000 });
    if (rows.length > 0) open.push(`shard ${shard} has ${rows.length} tells on their way`);
  }
  return open;
}

/** Trouble with the engines, for a while. */
export function engineFaults(
  cluster: Cluster,
  world: () => World,
): Pick<World, "troubleLog" | "troubleTable" | "troubleDiscovery" | "tableAway"> {
  const some = (): { lost: number; late: number; unanswered: number } => {
    const { random } = world();
    const share = (): number => random.pick([0, 0.05, 0.3]);
    return { lost: share(), late: share(), unanswered: share() };
  };
  const later = (ms: number, undo: () => void): void => until(world(), ms, undo);
  const acts = (faults: Record<string, number | boolean>): boolean =>
    Object.values(faults).some((share) => share !== 0 && share !== false);
  return {
    troubleLog() {
      const { logs } = cluster;
      logs.faults = some();
      later(world().random.int(300, 6000), () => (logs.faults = TRUSTY));
      return acts(logs.faults);
    },
    troubleTable() {
      const { table } = cluster;
      const { away } = table.faults;
      table.faults = { ...some(), partial: world().random.pick([0, 0.2, 0.5]), away };
      later(
        world().random.int(300, 8000),
        () => (table.faults = { ...STEADY, away: table.faults.away }),
      );
      return acts(table.faults);
    },
    troubleDiscovery() {
      const { discovery } = cluster;
      const { random, network, servers } = world();
      if (random.chance(0.3)) {
        // One node alone loses it, and is reached by everybody else.
        later(random.int(1000, 15_000), network.cut(random.pick(servers).name, "discovery"));
        return true;
      }
      discovery.faults = some();
      later(world().random.int(300, 6000), () => (discovery.faults = SOUND));
      return acts(discovery.faults);
    },
    tableAway() {
      const { table } = cluster;
      table.faults = { ...table.faults, away: true };
      later(
        world().random.int(1000, 20_000),
        () => (table.faults = { ...table.faults, away: false }),
      );
      return true;
    },
  };
}
