/** What each shard of this process is made of, whichever store it has. */
import type { ShardDeps } from "@damso/core/shard/context";
import { systemClock } from "../timers.ts";
import type { EngineDeps } from "./engine.ts";

export function shardDeps(
  { wiring, push, log, metrics }: Pick<EngineDeps, "wiring" | "push" | "log" | "metrics">,
  shard: number,
): Omit<ShardDeps, "store"> {
  const { accounts, bus } = wiring;
  return {
    shard,
    directory: accounts.directory,
    bus,
    push,
    clock: systemClock,
    soon: (run) => void setImmediate(run),
    observe: {
      committed: (stats) => metrics.committed(stats),
      failed: (error) =>
        log.error("the store failed: writes are refused until it is back", { shard, error }),
      recovered: () => log.info("the store is back", { shard }),
      warned: (what, error) =>
        log.warn("the shard could not finish something", { shard, what, error }),
    },
  };
}
