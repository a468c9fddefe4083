/**
 * Discovery in one process: the nodes are those that said so here. Kept in memory, like the process itself, with which
 * every node in it ends: so no lease expires.
 */
import type { Discovery, NodeRecord } from "@damso/core/ports/discovery";

export function createDiscovery(): Discovery {
  const nodes = new Map<string, NodeRecord>();
  const leases = new Map<number, string>();
  return {
    async register(record, signal) {
      signal?.throwIfAborted();
      nodes.set(record.node_id, structuredClone(record));
    },
    async withdraw(node_id, signal) {
      signal?.throwIfAborted();
      nodes.delete(node_id);
    },
    async list(signal) {
      signal?.throwIfAborted();
      return [...nodes.values()].map((record) => structuredClone(record));
    },
    async lease(shard, node_id, _ttl_ms, signal) {
      signal?.throwIfAborted();
      if ((leases.get(shard) ?? node_id) !== node_id) return false;
      leases.set(shard, node_id);
      return true;
    },
    async release(shard, node_id, signal) {
      signal?.throwIfAborted();
      if (leases.get(shard) === node_id) leases.delete(shard);
    },
    async owners(signal) {
      signal?.throwIfAborted();
      return new Map(leases);
    },
  };
}
