import { expect, test } from "bun:test";
import fc from "fast-check";
import vectors from "../../spec/vectors/snowflake.json";
import { createIdClock, createStamp, EPOCH_MS, snowflake, snowflakeTime } from "./snowflake.ts";

for (const { time, shard, counter, id } of vectors.cases) {
  test(`[P3][S6] snowflake vector ${id}`, () => {
    expect(snowflake(Date.parse(time), shard, counter)).toBe(id);
    expect(snowflakeTime(id)).toBe(Date.parse(time));
  });
}

test("[S6] ids grow whatever the clock does, and stay above what was there before", () => {
  const moves = fc.array(
    fc.record({
      by: fc.integer({ min: -5000, max: 50 }),
      after: fc.integer({ min: -3000, max: 3000 }),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(moves, (run) => {
      let now = EPOCH_MS + 4e11;
      const ids = createIdClock({ now: () => now }, 3, now);
      let last = 0n;
      for (const { by, after } of run) {
        now += by;
        const floor = now + after;
        const { id, ms } = ids.next(floor);
        expect(BigInt(id) > last).toBe(true);
        expect(ms).toBeGreaterThanOrEqual(floor);
        last = BigInt(id);
      }
    }),
  );
});

test("[S6] a still clock borrows from the next millisecond when the counter is used up", () => {
  const now = EPOCH_MS + 4e11;
  const ids = createIdClock({ now: () => now }, 0);
  const all = Array.from({ length: 10_000 }, () => ids.next().id);
  expect(new Set(all).size).toBe(10_000);
  expect(all.toSorted()).toEqual(all);
  expect(ids.last()).toBe(now + 2);
});

test("[S6] after a restart no id of the time before is made again", () => {
  const now = EPOCH_MS + 4e11;
  const before = createIdClock({ now: () => now }, 0).next();
  const after = createIdClock({ now: () => now - 10_000 }, 0, now).next();
  expect(BigInt(after.id) > BigInt(before.id)).toBe(true);
});

test("[P1] the stamp is RFC 3339 with milliseconds", () => {
  const stamp = createStamp();
  expect([stamp(0), stamp(0), stamp(1234)]).toEqual([
    "1970-01-01T00:00:00.000Z",
    "1970-01-01T00:00:00.000Z",
    "1970-01-01T00:00:01.234Z",
  ]);
});
