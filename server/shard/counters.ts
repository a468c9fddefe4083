/** Plain numbers of what happened to the shards of this node in a cluster; `server/metrics.ts` reads them when it is asked. */

export type ShardCounters = {
  opened: number;
  ended: Record<"fenced" | "lapsed" | "lost" | "left", number>;
  /** Appends that were tried again, and those found to be there after all. */
  retried: number;
  adopted: number;
  /** Appends that found another owner's record in their place. */
  fenced: number;
  flushes: number;
  flushed_rows: number;
  /** Flushes that the table did not take. */
  delayed: number;
  /** Logs with records missing: their shards stay closed. */
  holes: number;
};

export function createShardCounters(): ShardCounters {
  return {
    opened: 0,
    ended: { fenced: 0, lapsed: 0, lost: 0, left: 0 },
    retried: 0,
    adopted: 0,
    fenced: 0,
    flushes: 0,
    flushed_rows: 0,
    delayed: 0,
    holes: 0,
  };
}
