import { expect, test } from "bun:test";
import { median, medianRatio } from "./statistics.ts";

test("the median of an odd and of an even count", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 7])).toBe(6);
});

test("the median leaves its argument as it was", () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
});

test("the median of nothing is no number", () => {
  expect(median([])).toBeNaN();
});

test("ratios are taken round by round, so one slow round of both cancels out", () => {
  expect(medianRatio([50, 5, 50], [100, 10, 100])).toBe(0.5);
});

test("a missing round is a mistake, not a ratio", () => {
  expect(() => medianRatio([1], [1, 2])).toThrow("rounds");
});
