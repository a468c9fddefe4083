/** A few nodes on common engines: started one after the other, and ended in whatever way is wanted. */
import { join } from "node:path";
import { startServer, temporary } from "../rig/server.ts";
import type { RigServer } from "../rig/server.ts";
import { flagsFor } from "./engines.ts";
import type { Engines, Flags } from "./engines.ts";

export type ClusterOptions = {
  engines: Engines;
  nodes: number;
  shards: number;
  replicas?: 1 | 3;
  /** For all nodes. */
  flags?: Flags;
  /** Where the program of a node is, asked at each of its starts; that of this checkout without an answer. */
  programOf?: (at: number) => string | undefined;
  /** What a node is told instead of the flags of all, as where it finds the engines. */
  ownFlags?: (at: number, flags: Flags) => Flags | Promise<Flags>;
};

export type Cluster = {
  /** By their number; one that was ended stays until it is started again. */
  nodes: RigServer[];
  flags: Flags;
  /** Starts the node of this number, under its name and on its port, if it does not run. */
  start(at: number): Promise<RigServer>;
  /** Ends all nodes in good order. */
  stop(): Promise<void>;
};

/** The first node makes the tables. */
const READY_MS = 120_000;

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { engines, shards, replicas = 1 } = options;
  const keys = join(temporary("keys"), "keys.json");
  const flags: Flags = {
    ...(await flagsFor(engines, replicas)),
    keys,
    shards: String(shards),
    ...options.flags,
  };
  const nodes: RigServer[] = [];
  const start = async (at: number): Promise<RigServer> => {
    const was = nodes[at];
    if (was?.isRunning()) return was;
    const own: Flags = {
      ...flags,
      ...(await options.ownFlags?.(at, flags)),
      "node-id": `n${at + 1}`,
      ...(was && { port: String(was.port) }),
    };
    const data = was?.data ?? temporary(`node-${at + 1}`);
    const program = options.programOf?.(at);
    const node = await startServer({
      data,
      flags: own,
      ready_ms: READY_MS,
      ...(program !== undefined && { program }),
    });
    nodes[at] = node;
    return node;
  };
  // One after the other: the first makes streams and tables, which the others find.
  for (let at = 0; at < options.nodes; at++) await start(at);
  return {
    nodes,
    flags,
    start,
    async stop() {
      await Promise.all(nodes.filter((node) => node.isRunning()).map((node) => node.stop()));
    },
  };
}
