import { expect, test } from "bun:test";
import type { Message } from "@damso/sdk";
import { createFake } from "../testing/fake-client.ts";
import type { Line } from "../testing/scene.ts";
import { direct, message, talk, userId } from "../testing/scene.ts";
import type { Item, Timeline } from "./items.ts";
import { toItems, unreadFrom } from "./items.ts";

const id = direct(2);
const lines = (...all: Line[]): Message[] => all.map((line, index) => message(id, index + 1, line));

function draw(messages: readonly Message[], more: Partial<Timeline> = {}): string[] {
  const timeline: Timeline = {
    me: userId(1),
    messages,
    pending: [],
    marks: { read: 0, delivered: 0 },
    unread_from: undefined,
    ...more,
  };
  return toItems(timeline).map(drawn);
}

/** `own "hi" ⌜⌟ stored`: the corners are the first and the last of those that stand together. */
function drawn(item: Item): string {
  if (item.kind !== "bubble") return item.kind;
  const { own, first, last, tick = "", seen, source } = item.bubble;
  const body = source.kind === "message" ? source.message.body : source.pending.body;
  const words = [own ? "own" : "other", `"${body}"`, `${first ? "⌜" : ""}${last ? "⌟" : ""}`, tick];
  return [...words, seen ? "seen" : ""].filter(Boolean).join(" ");
}

test("messages of one author within five minutes stand together", () => {
  const messages = lines([2, 20, "a"], [2, 16, "b"], [2, 10, "c"], [1, 9, "d"], [2, 8, "e"]);
  expect(draw(messages)).toEqual([
    "day",
    'other "a" ⌜',
    'other "b" ⌟',
    'other "c" ⌜⌟',
    'own "d" ⌜⌟ stored',
    'other "e" ⌜⌟',
  ]);
});

test("a line stands between two days, and system messages stand alone", () => {
  const system: Line = [2, 2, "", { kind: "system", system: { event: "left", by: userId(2) } }];
  const messages = lines([2, 3000, "a"], [2, 3, "b"], system, [2, 1, "c"]);
  expect(draw(messages)).toEqual([
    "day",
    'other "a" ⌜⌟',
    "day",
    'other "b" ⌜⌟',
    "system",
    'other "c" ⌜⌟',
  ]);
});

test("the line for what is new stands once, above the first unread message", () => {
  const messages = lines([2, 3, "a"], [2, 2, "b"], [2, 1, "c"]);
  expect(draw(messages, { unread_from: 2 })).toEqual([
    "day",
    'other "a" ⌜⌟',
    "unread",
    'other "b" ⌜',
    'other "c" ⌟',
  ]);
});

test("the line stands above the next message when the first unread one is hidden", () => {
  const messages = lines([2, 3, "a"], [2, 2, "b"], [2, 1, "c"]).filter(({ seq }) => seq !== 2);
  expect(draw(messages, { unread_from: 2 })).toContain("unread");
});

test("the word for read stands at the newest message that was read, and nowhere else", () => {
  const messages = lines([1, 9, "a"], [1, 8, "b"], [1, 7, "c"]);
  expect(draw(messages, { marks: { read: 2, delivered: 3 } })).toEqual([
    "day",
    'own "a" ⌜ read',
    'own "b" read seen',
    'own "c" ⌟ delivered',
  ]);
});

test("a deleted message has no tick", () => {
  const messages = lines([1, 9, "a", { deleted_at: "2026-03-12T06:00:00.000Z" }]);
  expect(draw(messages)).toEqual(["day", 'own "a" ⌜⌟']);
});

test("a message keeps its key when the server has kept it", () => {
  const fake = createFake([talk(id, [1, 2], [[2, 5, "hi"]])]);
  fake.hold = true;
  fake.sendSoon(id, "hello");
  const keys = (): string[] =>
    toItems({
      me: userId(1),
      messages: fake.messages(id).messages,
      pending: fake.pending(id),
      marks: { read: 0, delivered: 0 },
      unread_from: undefined,
    }).map(({ key }) => key);
  const before = keys();
  fake.deliver(id);
  expect(fake.pending(id)).toEqual([]);
  expect(keys()).toEqual(before);
  expect(new Set(before).size).toBe(before.length);
});

test("a chat without unread messages has no line", () => {
  const { channel } = talk(
    id,
    [1, 2],
    [
      [2, 1, "a"],
      [2, 1, "b"],
    ],
  );
  expect(unreadFrom(channel)).toBeUndefined();
  expect(unreadFrom({ ...channel, read: 1, unread: 1 })).toBe(2);
  expect(unreadFrom(undefined)).toBeUndefined();
});

test("what I have written myself is not new to me", () => {
  const messages = lines([2, 9, "a"], [1, 8, "mine"], [2, 7, "b"]);
  const drawn = draw(messages, { unread_from: 2 });
  expect(drawn.slice(-2)).toEqual(["unread", 'other "b" ⌜⌟']);
  expect(draw(messages.slice(0, 2), { unread_from: 2 })).not.toContain("unread");
});
