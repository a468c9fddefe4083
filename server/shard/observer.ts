/** What a shard tells of itself, in the log and in the metrics. */
import type { ShardObserver } from "@damso/core/shard/context";
import type { EngineDeps } from "./engine.ts";

export function observerOf(
  { log, metrics }: Pick<EngineDeps, "log" | "metrics">,
  shard: number,
): ShardObserver {
  return {
    committed: (stats) => metrics.committed(stats),
    failed: (error) =>
      log.error("the store failed: writes are refused until it is back", { shard, error }),
    recovered: () => log.info("the store is back", { shard }),
    warned: (what, error) =>
      log.warn("the shard could not finish something", { shard, what, error }),
  };
}
