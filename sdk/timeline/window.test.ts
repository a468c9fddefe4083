import { expect, test } from "bun:test";
import { groupId, messageOf } from "../testing/records.ts";
import { follow, join } from "./window.ts";
import type { Window } from "./window.ts";

const id = groupId(1);
const put = (seq: number, parts = {}): { put: ReturnType<typeof messageOf> } => ({
  put: messageOf(id, seq, parts),
});

function windowOf(from: number, to: number): Window {
  const messages = Array.from({ length: to - from + 1 }, (_, n) => messageOf(id, from + n));
  return { from, to, messages };
}

const shape = ({ from, to, messages }: Window): unknown => [from, to, messages.map((m) => m.seq)];

test("the next message is appended, one after a gap is not", () => {
  expect(shape(follow(windowOf(3, 5), put(6)))).toEqual([3, 6, [3, 4, 5, 6]]);
  expect(shape(follow(windowOf(3, 5), put(7)))).toEqual([3, 5, [3, 4, 5]]);
  expect(shape(follow(windowOf(3, 5), put(2)))).toEqual([3, 5, [3, 4, 5]]);
});

test("[I16] a change inside is merged in place", () => {
  const changed = follow(windowOf(3, 5), put(4, { rev: 2, body: "new" }));
  expect(changed.messages.map((m) => m.body)).toEqual(["message 3", "new", "message 5"]);
  expect(follow(changed, put(4)).messages[1]?.body).toBe("new");
});

test("a cut leaves the stretch and takes the messages", () => {
  expect(shape(follow(windowOf(3, 6), { cut: id, from: 4, to: 5 }))).toEqual([3, 6, [3, 6]]);
  expect(shape(follow(windowOf(3, 6), { cut: id, from: 1, to: 4 }))).toEqual([5, 6, [5, 6]]);
});

test("pages that touch join, others replace", () => {
  expect(shape(join(windowOf(5, 6), windowOf(3, 4)))).toEqual([3, 6, [3, 4, 5, 6]]);
  expect(shape(join(windowOf(5, 8), windowOf(6, 9)))).toEqual([5, 9, [5, 6, 7, 8, 9]]);
  expect(shape(join(windowOf(9, 10), windowOf(3, 4)))).toEqual([3, 4, [3, 4]]);
  expect(shape(join(undefined, windowOf(3, 4)))).toEqual([3, 4, [3, 4]]);
});

test("what a fresh page does not have any more is gone", () => {
  const fresh: Window = { from: 3, to: 5, messages: [messageOf(id, 3), messageOf(id, 5)] };
  expect(shape(join(windowOf(2, 6), fresh))).toEqual([2, 6, [2, 3, 5, 6]]);
});

test("[I20] a window lets go at the end that it moves away from", () => {
  const full = windowOf(1001, 2000);
  const up = join(full, windowOf(951, 1000));
  expect([up.from, up.to, up.messages.length]).toEqual([951, 1950, 1000]);
  const down = follow(full, put(2001));
  expect([down.from, down.to, down.messages.length]).toEqual([1002, 2001, 1000]);
});
