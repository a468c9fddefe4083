/** The shards of this node, as the rest of the server sees them: one that has everything, or those of a cluster that it owns. */
import type { PushSink } from "@damso/core/ports/push";
import type { Config } from "../config.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Wiring } from "../wire.ts";
import type { ShardCounters } from "./counters.ts";
import { openMany } from "./many.ts";
import { openOne } from "./one.ts";

export type Engine = {
  /** Why a shard of this node refuses writes at the moment, or undefined. */
  failure(): unknown;
  /** For gauges. */
  sizes(): Record<string, number>;
  /** When this resolves everything that was decided is durable, and others may have the shards. */
  stop(): Promise<void>;
};

export type EngineDeps = {
  config: Config;
  node_id: string;
  wiring: Wiring;
  push: PushSink;
  log: Log;
  metrics: Pick<Metrics, "committed">;
  shard_counters: ShardCounters;
};

/** A node without the role has no shards, and asks others. */
export async function openEngine(deps: EngineDeps): Promise<Engine> {
  const { shards } = deps.wiring;
  if (shards.kind === "one") return openOne(deps, shards);
  return deps.config.roles.includes("shard") ? openMany(deps, shards) : NONE;
}

const NONE: Engine = { failure: () => undefined, sizes: () => ({}), stop: () => Promise.resolve() };
