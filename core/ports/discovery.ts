/** Who is alive, where, and how loaded. */
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
};
