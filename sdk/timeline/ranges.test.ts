import { expect, test } from "bun:test";
import * as fc from "fast-check";
import type { Range } from "../store/port.ts";
import { cover, coverFrom, rangeAt } from "./ranges.ts";

const covered = (ranges: readonly Range[]): Set<number> =>
  new Set(ranges.flatMap(([a, b]) => Array.from({ length: b - a + 1 }, (_, i) => a + i)));

const stretches = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 8 })),
);

test("ranges cover exactly what was added, ascending and never touching", () => {
  fc.assert(
    fc.property(stretches, fc.integer({ min: 1, max: 50 }), (added, low) => {
      const all = added.map(([from, more]): Range => [from, from + more]);
      const ranges = all.reduce<readonly Range[]>((sum, [a, b]) => cover(sum, a, b), []);
      expect(covered(ranges)).toEqual(covered(all));
      for (const [at, range] of ranges.entries()) {
        expect(range[0]).toBeGreaterThan((ranges[at - 1]?.[1] ?? -1) + 1);
      }
      expect(covered(coverFrom(ranges, low))).toEqual(
        new Set([...covered(all)].filter((seq) => seq >= low)),
      );
      expect(rangeAt(ranges, low) !== undefined).toBe(covered(all).has(low));
    }),
  );
});

test("an empty stretch adds nothing", () => {
  expect(cover([[1, 2]], 5, 4)).toEqual([[1, 2]]);
});
