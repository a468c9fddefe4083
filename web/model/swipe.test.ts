import { expect, test } from "bun:test";
import type { Swipe } from "./swipe.ts";
import { answers, beginSwipe, moveSwipe } from "./swipe.ts";

const pull = (...path: [number, number][]): Swipe =>
  path.reduce((swipe, [x, y]) => moveSwipe(swipe, x, y), beginSwipe(200, 200));

test("a pull to the side answers once it is far enough", () => {
  expect(pull([195, 200])).toMatchObject({ way: "undecided", pulled: 0 });
  expect(pull([180, 202])).toMatchObject({ way: "sideways", pulled: -20 });
  expect(answers(pull([180, 202]))).toBe(false);
  expect(answers(pull([180, 202], [140, 230]))).toBe(true);
  expect(answers(pull([180, 202], [140, 230], [190, 230]))).toBe(false);
});

test("a message follows only so far, and never to the other side", () => {
  expect(pull([150, 200], [0, 200]).pulled).toBe(-72);
  expect(pull([150, 200], [300, 200]).pulled).toBe(0);
});

test("scrolling stays scrolling, whatever comes after", () => {
  expect(pull([196, 240], [100, 240])).toMatchObject({ way: "elsewhere", pulled: 0 });
  expect(pull([240, 200], [100, 200])).toMatchObject({ way: "elsewhere", pulled: 0 });
});
