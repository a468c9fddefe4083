import { expect, test } from "bun:test";
import type { Page } from "@damso/sdk";
import { direct, message } from "../testing/scene.ts";
import type { Stretch } from "./stretch.ts";
import {
  DRAWN_MAX,
  around,
  downFrom,
  newest,
  opening,
  settled,
  shownOf,
  upFrom,
} from "./stretch.ts";

const page = (from: number, to: number, more: Partial<Page> = {}): Page => ({
  messages: Array.from({ length: to - from + 1 }, (_, index) =>
    message(direct(2), from + index, [2, 1, "a line"]),
  ),
  more_before: false,
  more_after: false,
  ...more,
});
const seqs = (held: Page, stretch: Stretch): (number | undefined)[] => {
  const { messages } = shownOf(held, stretch);
  return [messages[0]?.seq, messages.at(-1)?.seq];
};

test("a timeline begins with its newest screen and takes in what comes", () => {
  const stretch = newest(page(1, 400));
  expect(seqs(page(1, 400), stretch)).toEqual([381, 400]);
  expect(seqs(page(1, 403), stretch)).toEqual([381, 403]);
  expect(shownOf(page(1, 400), stretch).more_before).toBe(true);
});

test("it begins further up where the first unread message is near", () => {
  const begun = (unread_from?: number): number => opening(page(1, 400), unread_from).from;
  expect([begun(), begun(395), begun(370), begun(200)]).toEqual([381, 381, 370, 351]);
});

test("on the way up no more than six steps are drawn, and the newest wait below", () => {
  const held = page(1, 1000);
  let stretch = newest(held);
  for (let steps = 0; steps < 20; steps += 1) stretch = upFrom(held, stretch.from);
  expect(seqs(held, stretch)).toEqual([481, 630]);
  expect(shownOf(held, stretch)).toMatchObject({ more_before: true, more_after: true });
  for (let steps = 0; steps < 40; steps += 1) stretch = upFrom(held, stretch.from);
  expect(seqs(held, stretch)).toEqual([1, 150]);
  expect(shownOf(held, stretch).more_before).toBe(false);
});

test("and on the way down again, up to the end, which then is open", () => {
  const held = page(1, 1000);
  let stretch: Stretch = { from: 1, to: 150 };
  for (let steps = 0; steps < 40; steps += 1) {
    stretch = downFrom(held, stretch.to ?? Infinity);
    expect(shownOf(held, stretch).messages.length).toBe(DRAWN_MAX);
  }
  expect(stretch).toEqual({ from: 851, to: undefined });
  const open = page(1, 1000, { more_after: true });
  expect(downFrom(open, 990)).toEqual({ from: 851, to: 1000 });
});

test("a message has a step on each side of it", () => {
  expect(seqs(page(1, 1000), around(page(1, 1000), 500))).toEqual([475, 525]);
  expect(seqs(page(1, 1000), around(page(1, 1000), 3))).toEqual([1, 28]);
  expect(around(page(1, 1000), 999).to).toBeUndefined();
});

test("what comes in lets the oldest go for somebody at the end, and waits for somebody further up", () => {
  const stretch: Stretch = { from: 1, to: undefined };
  expect(settled(page(1, 200), stretch, "end")).toBe(stretch);
  expect(settled(page(1, 201), stretch, "end")).toEqual({ from: 52, to: undefined });
  expect(settled(page(1, 201), stretch, 30)).toEqual({ from: 1, to: 150 });
  expect(settled(page(1, 300), stretch, 150)).toEqual({ from: 75, to: 224 });
  expect(settled(page(1, 201), stretch, 180)).toEqual({ from: 105, to: undefined });
});

test("a stretch that is gone from the page shows the newest", () => {
  expect(seqs(page(900, 1000), { from: 1, to: 150 })).toEqual([981, 1000]);
  expect(
    shownOf({ messages: [], more_before: false, more_after: false }, { from: 1, to: 2 }),
  ).toEqual({ messages: [], more_before: false, more_after: false });
});
