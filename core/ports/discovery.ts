/** Who is alive, where, how loaded, and who may answer for which shard. */
import type { Signal } from "./signal.ts";

export type NodeRecord = {
  node_id: string;
  roles: readonly string[];
  /** Where clients reach this node's gateway; absent without one. */
  url?: string;
  region: string;
  zone: string;
  /** Sockets this node is meant to hold, and holds. */
  capacity: number;
  connections: number;
  draining: boolean;
};

export type Discovery = {
  /** Announces this node, and again whenever its numbers change. */
  register(record: NodeRecord, signal?: Signal): Promise<void>;
  withdraw(node_id: string, signal?: Signal): Promise<void>;
  list(signal?: Signal): Promise<NodeRecord[]>;
  /**
   * Takes the lease of a shard if it is free, expired or the node's own, for `ttl_ms` from when this is done; false when
   * another node has it. Rule S17.
   */
  lease(shard: number, node_id: string, ttl_ms: number, signal?: Signal): Promise<boolean>;
  /** Gives up a lease; one that is not the node's own stays. */
  release(shard: number, node_id: string, signal?: Signal): Promise<void>;
  /** The node that has the lease of each shard; a free one is missing. */
  owners(signal?: Signal): Promise<Map<number, string>>;
};
