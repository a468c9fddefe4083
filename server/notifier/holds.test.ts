import { expect, test } from "bun:test";
import { createHolds, HOLD_MAX_MS } from "./holds.ts";

test("[N6] an address is held as long as was asked for, an hour at most, whatever the clock does", () => {
  let now = 1_000_000;
  const holds = createHolds(() => now);
  holds.hold("a", 5000);
  holds.hold("b", 1e12);
  holds.hold("c", 0);
  expect(["a", "b", "c", "d"].map(holds.left)).toEqual([5000, HOLD_MAX_MS, 0, 0]);
  now += 5000;
  expect(["a", "b"].map(holds.left)).toEqual([0, HOLD_MAX_MS - 5000]);
  now -= 60_000;
  expect(holds.left("b")).toBe(0);
});

test("[I20] of too many addresses those that were held first are let go", () => {
  const holds = createHolds(() => 0);
  for (let n = 0; n <= 10_000; n++) holds.hold(String(n), 1000);
  expect([holds.left("0"), holds.left("1"), holds.left("10000")]).toEqual([0, 1000, 1000]);
});
