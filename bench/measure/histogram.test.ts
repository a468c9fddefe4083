import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { createHistogram, percentile, record } from "./histogram.ts";

function of(values: readonly number[]): ReturnType<typeof createHistogram> {
  const histogram = createHistogram();
  for (const value of values) record(histogram, value);
  return histogram;
}

test("small durations are exact", () => {
  const histogram = of(Array.from({ length: 200 }, (_, at) => at + 1));
  expect(percentile(histogram, 0.5)).toBe(100);
  expect(percentile(histogram, 0.99)).toBe(198);
  expect(percentile(histogram, 1)).toBe(200);
});

test("an empty histogram answers 0", () => {
  expect(percentile(createHistogram(), 0.99)).toBe(0);
});

test("values out of range are held within it", () => {
  const histogram = of([-5, 2 ** 40]);
  expect(percentile(histogram, 0.5)).toBe(0);
  expect(histogram.max).toBe(2 ** 31 - 1);
});

test("every percentile is within 1 % above the exact one", () => {
  const values = fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.constantFrom(0.5, 0.9, 0.99, 1), (all, share) => {
      const sorted = [...all].sort((a, b) => a - b);
      const exact = sorted[Math.max(1, Math.ceil(all.length * share)) - 1]!;
      const got = percentile(of(all), share);
      expect(got).toBeGreaterThanOrEqual(exact);
      expect(got).toBeLessThanOrEqual(exact * 1.01);
    }),
  );
});
