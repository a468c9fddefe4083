/** From two looks at a node's counters to what happened between them. */
import type { Load } from "@damso/protocol/http/admin";

export type Rates = {
  /** Of this many seconds; the rates are per second. */
  seconds: number;
  sends: number;
  events: number;
  commits: number;
  /** Processor time by wall time: 1 is one core. */
  cpu: number;
  /** Milliseconds, of the commits between; undefined without any. */
  commit_mean_ms: number | undefined;
  /** No more than this many milliseconds took 99 of 100 commits; Infinity: more than the longest bucket. */
  commit_p99_ms: number | undefined;
};

/** Undefined when the second is no later look at the same life of the node. */
export function ratesOf(before: Load, after: Load): Rates | undefined {
  const seconds = (Date.parse(after.at) - Date.parse(before.at)) / 1000;
  if (seconds <= 0 || after.uptime_seconds < before.uptime_seconds) return undefined;
  const commits = after.commits.count - before.commits.count;
  const took = after.commits.seconds - before.commits.seconds;
  return {
    seconds,
    sends: (after.sends - before.sends) / seconds,
    events: (after.events - before.events) / seconds,
    commits: commits / seconds,
    cpu: (after.cpu_seconds - before.cpu_seconds) / seconds,
    commit_mean_ms: commits > 0 ? (took / commits) * 1000 : undefined,
    commit_p99_ms: commits > 0 ? percentile(before, after, commits, 0.99) : undefined,
  };
}

function percentile(before: Load, after: Load, commits: number, share: number): number {
  const found = after.commits.buckets.find(({ le, count }) => {
    const earlier = before.commits.buckets.find((bucket) => bucket.le === le)?.count ?? 0;
    return count - earlier >= commits * share;
  });
  return found === undefined ? Infinity : found.le * 1000;
}

/** Points of a line in a box of 100 by 30, the largest value at the top; a row of zeros lies at the bottom. */
export function lineOf(row: readonly number[], max: number): string {
  const top = Math.max(...row, 1e-9);
  const step = 100 / Math.max(1, max - 1);
  const from = 100 - step * (row.length - 1);
  return row
    .map((value, index) => `${round(from + index * step)},${round(29 - (value / top) * 28)}`)
    .join(" ");
}

const round = (value: number): number => Math.round(value * 10) / 10;
