/** Discovery in one process: the nodes are those that said so here. Kept in memory, like the process itself. */
import type { Discovery, NodeRecord } from "@damso/core/ports/discovery";

export function createDiscovery(): Discovery {
  const nodes = new Map<string, NodeRecord>();
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
  };
}
