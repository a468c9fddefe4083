/** Discovery as a service on the network: who is alive, and who has the lease of which shard. Leases and records run out. */
import type { Discovery, NodeRecord } from "@damso/core/ports/discovery";
import type { Signal } from "@damso/core/ports/signal";
import type { Host } from "../kernel/host.ts";
import { callEngine } from "./service.ts";
import type { CallFaults, EngineWorld } from "./service.ts";

export type DiscoveryService = {
  nodes: Map<string, { record: NodeRecord; until: number }>;
  leases: Map<number, { node_id: string; until: number }>;
  faults: CallFaults;
};

const NODE_MS = 10_000;
export const SOUND: CallFaults = { lost: 0, late: 0, unanswered: 0 };

/** Knows of nobody. */
export function createDiscoveryService(): DiscoveryService {
  return { nodes: new Map(), leases: new Map(), faults: SOUND };
}

/** Discovery as one life of a server reaches it. */
export function reachDiscovery(
  world: EngineWorld,
  service: DiscoveryService,
  host: Host,
): Discovery {
  const now = (): number => world.scheduler.now();
  const faults = (): CallFaults => service.faults;
  const call = <T>(label: string, signal: Signal | undefined, run: () => T): Promise<T> =>
    callEngine(world, host, "discovery", label, run, { faults, late: true, signal });
  const living = (): NodeRecord[] =>
    [...service.nodes.values()]
      .filter(({ until }) => until > now())
      .map(({ record }) => ({ ...record }));
  return {
    register(told, signal) {
      // As on a wire: nobody holds what the other side holds.
      const record = { ...told };
      return call("register", signal, () => {
        service.nodes.set(record.node_id, { record, until: now() + NODE_MS });
      });
    },
    withdraw: (node_id, signal) =>
      call("withdraw", signal, () => void service.nodes.delete(node_id)),
    list: (signal) => call("list", signal, living),
    lease: (shard, node_id, ttl_ms, signal) =>
      call("lease", signal, () => {
        const held = service.leases.get(shard);
        if (held && held.until > now() && held.node_id !== node_id) return false;
        service.leases.set(shard, { node_id, until: now() + ttl_ms });
        return true;
      }),
    release: (shard, node_id, signal) =>
      call("release", signal, () => {
        if (service.leases.get(shard)?.node_id === node_id) service.leases.delete(shard);
      }),
    owners: (signal) =>
      call("owners", signal, () => {
        const held = [...service.leases].filter(([, { until }]) => until > now());
        return new Map(held.map(([shard, { node_id }]) => [shard, node_id]));
      }),
  };
}
