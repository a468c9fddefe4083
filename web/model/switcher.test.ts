import { expect, test } from "bun:test";
import { signal } from "@preact/signals";
import { createScene } from "../testing/context.ts";
import { direct, groupId, talk } from "../testing/scene.ts";
import { createChatList } from "./chat-list.ts";
import { createSelection } from "./selection.ts";
import { findChats, inOrderOfNeed, neighbour, nextUnread } from "./switcher.ts";

const [jiwoo, sam, club, dohyun] = [direct(2), direct(3), groupId(1), direct(6)];
const { context, fake } = createScene([
  talk(jiwoo, [1, 2], [[2, 1, "a"]]),
  talk(sam, [1, 3], [[3, 2, "b"]], { read: 0, unread: 1 }),
  talk(club, [1, 2, 3], [[3, 3, "c"]], {
    name: "Tea club",
    read: 0,
    unread: 1,
    muted_until: "9999-12-31T00:00:00.000Z",
  }),
  talk(dohyun, [1, 6], [[6, 4, "d"]], { read: 0, unread: 1 }),
]);
const rows = createChatList(context, () => "").value;
const ids = (some: readonly { id: string }[]): string[] => some.map(({ id }) => id);

test("a chat is found by the beginning of a word, or by initial consonants", () => {
  expect(ids(findChats(rows, ""))).toEqual([jiwoo, sam, club, dohyun]);
  expect(ids(findChats(rows, "clu"))).toEqual([club]);
  expect(ids(findChats(rows, "ㅈㅇ"))).toEqual([jiwoo]);
  expect(ids(findChats(rows, "도현"))).toEqual([dohyun]);
});

test("for going elsewhere the unread come first and the open one last", () => {
  expect(ids(inOrderOfNeed(rows, jiwoo))).toEqual([sam, dohyun, club, jiwoo]);
});

test("the keys go up and down, and to what is unread", () => {
  expect(neighbour(rows, sam, 1)?.id).toBe(club);
  expect(neighbour(rows, jiwoo, -1)).toBeUndefined();
  expect(neighbour(rows, undefined, 1)?.id).toBe(jiwoo);
  expect(neighbour(rows, undefined, -1)?.id).toBe(dohyun);
  expect(nextUnread(rows, sam)?.id).toBe(dohyun);
  expect(nextUnread(rows, dohyun)?.id).toBe(sam);
});

test("messages are chosen one by one, until none is", () => {
  const { chosen, messages, toggle } = createSelection(signal(fake.messages(jiwoo)));
  toggle(1);
  toggle(7);
  expect(messages.value.map(({ seq }) => seq)).toEqual([1]);
  toggle(7);
  toggle(1);
  expect(chosen.value).toBeUndefined();
});
