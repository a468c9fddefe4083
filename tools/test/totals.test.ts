import { expect, test } from "bun:test";
import { isGreen, lastLine } from "./totals.ts";

test("the last line names what was skipped only when something was", () => {
  expect(lastLine({ passed: 12, failed: 0, skipped: 0 })).toBe("12 passed, 0 failed");
  expect(lastLine({ passed: 1, failed: 2, skipped: 3 })).toBe("1 passed, 2 failed, 3 skipped");
});

test("only a run with tests and without failures is green", () => {
  expect(isGreen({ passed: 1, failed: 0, skipped: 9 })).toBe(true);
  expect(isGreen({ passed: 1, failed: 1, skipped: 0 })).toBe(false);
  expect(isGreen({ passed: 0, failed: 0, skipped: 9 })).toBe(false);
});
