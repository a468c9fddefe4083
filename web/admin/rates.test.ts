import { expect, test } from "bun:test";
import type { Load } from "@damso/protocol/http/admin";
import { lineOf, ratesOf } from "./rates.ts";

const BUCKETS = [0.001, 0.01, 0.1];
function look(seconds: number, counted: Partial<Load> & { under?: number[] } = {}): Load {
  const { under = [0, 0, 0], ...rest } = counted;
  return {
    at: new Date(seconds * 1000).toISOString(),
    uptime_seconds: seconds,
    sockets: 0,
    sessions: 0,
    lagging: 0,
    in_flight: 0,
    long_polls: 0,
    sends: 0,
    events: 0,
    frames_in: 0,
    frames_out: 0,
    memory_bytes: 0,
    heap_bytes: 0,
    cpu_seconds: 0,
    sizes: {},
    refusals: {},
    bounds: {},
    http: {},
    commits: {
      count: 0,
      seconds: 0,
      rows: 0,
      ...rest.commits,
      buckets: BUCKETS.map((le, index) => ({ le, count: under[index] ?? 0 })),
    },
    ...Object.fromEntries(Object.entries(rest).filter(([name]) => name !== "commits")),
  };
}
const commits = (count: number, seconds: number): Load["commits"] => ({
  count,
  seconds,
  rows: 0,
  buckets: [],
});

test("two looks make rates per second", () => {
  const before = look(10, { sends: 100, events: 400, cpu_seconds: 3 });
  const after = look(12, { sends: 120, events: 500, cpu_seconds: 4 });
  expect(ratesOf(before, after)).toMatchObject({ seconds: 2, sends: 10, events: 50, cpu: 0.5 });
});

test("the commit time is that of the commits between, also its 99th of a hundred", () => {
  const before = look(0, { commits: commits(1000, 50), under: [0, 0, 1000] });
  const quick = look(2, { commits: commits(1100, 50.2), under: [0, 99, 1100] });
  const rates = ratesOf(before, quick);
  expect(rates?.commits).toBe(50);
  expect(rates?.commit_mean_ms).toBeCloseTo(2);
  expect(rates?.commit_p99_ms).toBe(10);
  const slow = look(2, { commits: commits(1100, 90), under: [0, 0, 1050] });
  expect(ratesOf(before, slow)?.commit_p99_ms).toBe(Infinity);
  expect(ratesOf(before, look(2, { commits: commits(1000, 50) }))?.commit_mean_ms).toBeUndefined();
});

test("a node that was started anew in between gives none", () => {
  expect(ratesOf(look(100), { ...look(101), uptime_seconds: 1 })).toBeUndefined();
  expect(ratesOf(look(100), look(100))).toBeUndefined();
});

test("a line begins at the right and has its largest value at the top", () => {
  expect(lineOf([0, 5, 10], 5)).toBe("50,29 75,15 100,1");
  expect(lineOf([0, 0], 2)).toBe("0,29 100,29");
});
