/** Discovery as a service on the network: who is alive, and who has the lease of which shard. Leases and records run out. */
import type { Discovery, NodeRecord } from "@damso/core/ports/discovery";
import type { Host } from "../kernel/host.ts";
import type { World } from "../world.ts";
import { callEngine } from "./service.ts";
import type { CallFaults } from "./service.ts";

export type DiscoveryService = {
  nodes: Map<string, { record: NodeRecord; until: number }>;
  leases: Map<number, { node_id: string; until: number }>;
  faults: CallFaults;
};

const NODE_MS = 10_000;
export const SOUND: CallFaults = { lost: 0, late: 0, unanswered: 0 };

export function createDiscoveryService(): DiscoveryService {
  return { nodes: new Map(), leases: new Map(), faults: SOUND };
}

export function reachDiscovery(world: World, service: DiscoveryService, host: Host): Discovery {
  const now = (): number => world.scheduler.now();
  const call = <T>(label: string, run: () => T): Promise<T> =>
    callEngine(world, host, "discovery", label, run, { faults: () => service.faults, late: true });
  const living = (): NodeRecord[] =>
    [...service.nodes.values()].filter(({ until }) => until > now()).map(({ record }) => record);
  return {
    register: (record) =>
      call(
        "register",
        () => void service.nodes.set(record.node_id, { record, until: now() + NODE_MS }),
      ),
    withdraw: (node_id) => call("withdraw", () => void service.nodes.delete(node_id)),
    list: () => call("list", living),
    lease: (shard, node_id, ttl_ms) =>
      call("lease", () => {
        const held = service.leases.get(shard);
        if (held && held.until > now() && held.node_id !== node_id) return false;
        service.leases.set(shard, { node_id, until: now() + ttl_ms });
        return true;
      }),
    release: (shard, node_id) =>
      call("release", () => {
        if (service.leases.get(shard)?.node_id === node_id) service.leases.delete(shard);
      }),
    owners: () =>
      call("owners", () => {
        const held = [...service.leases].filter(([, { until }]) => until > now());
        return new Map(held.map(([shard, { node_id }]) => [shard, node_id]));
      }),
  };
}
