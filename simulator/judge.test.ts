/** What a plan allows: by its faults, and by what the rules say and not what the product does. */
import { expect, test } from "bun:test";
import { SILENCE_MS_MAX } from "@damso/server/gateway/bounds";
import { graceOf, keptOf } from "./judge.ts";
import { SILENCE_MS } from "./plan.ts";
import type { FaultKind, Plan } from "./plan.ts";

type Parts = Pick<Plan, "wiring" | "faults" | "silence_ms">;

test("[I17] the gateway bears a silent home for no longer than the rule says", () => {
  expect(SILENCE_MS).toBe(60_000);
  expect(SILENCE_MS_MAX).toBeLessThanOrEqual(SILENCE_MS);
});

test("[I17] a revoked session is served for a second; where its gateway may be cut off, for a silence and what a slow clock adds", () => {
  const check = (parts: Partial<Parts>, expected: number): void =>
    expect(graceOf({ wiring: "sharded", faults: [], silence_ms: 6000, ...parts })).toBe(expected);
  const cut: FaultKind[] = ["partition"];
  check({}, 1000);
  check({ faults: ["device kill", "server clock", "table away"] }, 1000);
  check({ faults: cut }, 8000);
  // What stood still is no excuse.
  check({ faults: [...cut, "server freeze", "server clock"] }, 8000);
  check({ faults: cut, silence_ms: SILENCE_MS }, 62_000);
  check({ faults: cut, wiring: "single" }, 1000);
});

test("[S8] how old a kept entry has to be is judged where no clock jumps", () => {
  const feed_kept = { entries: 20, ms: 1000, step: 5, cover_every: 8 };
  expect(keptOf({ feed_kept: undefined, faults: [] })).toEqual({});
  expect(keptOf({ feed_kept, faults: ["server freeze"] })).toEqual({
    feed_kept: { entries: 20, ms: 1000 },
  });
  expect(keptOf({ feed_kept, faults: ["server clock"] })).toEqual({
    feed_kept: { entries: 20, ms: 0 },
  });
});
