import { describe, expect, test } from "bun:test";
import { unreached } from "./command/print.ts";
import { guarded } from "./kernel/guard.ts";
import { FAULT_KINDS, PATHS } from "./paths.ts";
import type { Wiring } from "./plan.ts";
import { run } from "./run.ts";
import type { RunResult } from "./run.ts";

const WIRINGS: readonly Wiring[] = ["single", "sharded"];
/** Much less than a sweep runs of a seed: the whole file has to be quick. */
const DURATION_MS = 8000;
const DEADLINE_MS = 30_000;
const SEEDS = Array.from({ length: 12 }, (_, n) => n + 1);

const short = (seed: number, wiring: Wiring): RunResult =>
  guarded(() => run({ seed, wiring, plan: { duration_ms: DURATION_MS } }));

for (const wiring of WIRINGS) {
  describe(`a ${wiring} run`, () => {
    const hashes = new Set<string>();
    for (const seed of SEEDS) {
      test(
        `[I1][I6][I21] seed ${seed}: everything comes right after a short run with faults`,
        () => {
          const result = short(seed, wiring);
          expect(result.faults).toEqual([]);
          expect(result.counts["sends"]).toBeGreaterThan(0);
          hashes.add(result.hash);
        },
        DEADLINE_MS,
      );
    }

    test(
      "is a function of its seed",
      () => {
        expect(hashes.size).toBe(SEEDS.length);
        expect(hashes).toContain(short(3, wiring).hash);
      },
      DEADLINE_MS,
    );
  });
}

test("a run that touches the real clock fails, whatever it comes to otherwise", () => {
  const touching = (): RunResult =>
    run({
      seed: 3,
      wiring: "single",
      plan: { duration_ms: 100, faults: [] },
      inspect: () => {
        try {
          Date.now();
        } catch {
          // Swallowed, as a careless piece of code would.
        }
      },
    });
  expect(() => guarded(touching)).toThrow("the run touched Date.now");
});

describe("a sweep", () => {
  const all = (reaches: typeof PATHS): Record<string, number> =>
    Object.fromEntries(reaches.map(({ name }) => [name, 1]));
  const both = { single: 1, sharded: 1 };
  const MANY = 1000;

  test("that reached everything missed nothing", () => {
    const sweep = { runs: MANY, injected: all(FAULT_KINDS), paths: all(PATHS), by_wiring: both };
    expect(unreached(sweep)).toEqual([]);
  });

  test("names every fault and rare path that it never reached", () => {
    const { "slow reader": _reader, ...injected } = all(FAULT_KINDS);
    const paths = { ...all(PATHS), "an owner was fenced": 0 };
    expect(unreached({ runs: MANY, injected, paths, by_wiring: both })).toEqual([
      "slow reader",
      "an owner was fenced",
    ]);
  });

  test("of a few minutes is judged by what is not seldom, one of a moment not at all", () => {
    const missed = (runs: number): string[] =>
      unreached({ runs, injected: {}, paths: {}, by_wiring: both });
    expect(missed(249)).toEqual([]);
    expect(missed(420)).toContain("lease lost");
    expect(missed(420)).not.toContain("a shard was given up: fenced");
    expect(missed(MANY)).toContain("a shard was given up: fenced");
  });

  test("of one wiring is not asked for what only the other has", () => {
    const missed = (by_wiring: Record<string, number>): string[] =>
      unreached({ runs: MANY, injected: {}, paths: {}, by_wiring });
    expect(missed({ single: 5 })).toContain("failed sync");
    expect(missed({ single: 5 })).not.toContain("append lost");
    expect(missed({ sharded: 5 })).toContain("append lost");
    expect(missed({ sharded: 5 })).not.toContain("failed sync");
    expect(missed(both)).toHaveLength(FAULT_KINDS.length + PATHS.length);
  });
});
