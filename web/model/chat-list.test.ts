import { expect, test } from "bun:test";
import { signal } from "@preact/signals";
import type { Row } from "./chat-list.ts";
import { createScene } from "../testing/context.ts";
import { at, direct, groupId, talk, userId } from "../testing/scene.ts";
import { createChatList } from "./chat-list.ts";
import type { Edit } from "./edits.ts";

const ann = direct(2);
const club = groupId(1);

test("a row of a direct chat: name, presence, own tick, no author but oneself", () => {
  const { fake, context } = createScene([
    talk(ann, [1, 2], [[1, 3, "see you"]], { peer_read: 0, peer_delivered: 1 }),
  ]);
  const rows = createChatList(context, () => "");
  expect(rows.value[0]).toMatchObject({
    name: "지우",
    online: false,
    tick: "delivered",
    preview: { kind: "text", by: "You", text: "see you" },
  } satisfies Partial<Row>);
  fake.see({ user_id: userId(2), state: "online" });
  fake.receive(ann, 2, "  two\nlines ");
  expect(rows.value[0]).toMatchObject({
    online: true,
    tick: undefined,
    unread: 1,
    preview: { kind: "text", text: " two lines " },
  });
});

test("a change on its way is seen here too, with the mark of what waits", () => {
  const { context } = createScene([talk(ann, [1, 2], [[1, 3, "see you"]])]);
  const edit = { channel: ann, seq: 1, body: "see you there", over: 1 };
  const edits = signal<readonly Edit[]>([]);
  const rows = createChatList(context, () => "", edits);
  const seen = (): unknown => [rows.value[0]?.preview.text, rows.value[0]?.tick];
  expect(seen()).toEqual(["see you", "stored"]);
  edits.value = [edit];
  expect(seen()).toEqual(["see you there", "waiting"]);
  edits.value = [{ ...edit, done: true }];
  expect(seen()).toEqual(["see you there", "stored"]);
});

test("a group says who wrote, and is called by its members when it has no name", () => {
  const { context } = createScene([talk(club, [1, 2, 3], [[3, 3, "hi"]])]);
  const [row] = createChatList(context, () => "").value;
  expect(row).toMatchObject({ name: "지우, Sam", preview: { by: "Sam", text: "hi" } });
});

test("typing comes before a draft, a draft before what is on its way, and that before the last message", () => {
  const { fake, context } = createScene([talk(ann, [1, 2], [[2, 3, "hi"]])]);
  fake.hold = true;
  let draft = "";
  const preview = (): unknown => createChatList(context, () => draft).value[0]?.preview;
  expect(preview()).toEqual({ kind: "text", text: "hi" });
  fake.sendSoon(ann, "on its way");
  expect(preview()).toEqual({ kind: "text", by: "You", text: "on its way" });
  draft = "begun";
  expect(preview()).toEqual({ kind: "draft", by: "Draft", text: "begun" });
  fake.type(ann, [userId(2)]);
  expect(preview()).toEqual({ kind: "typing", text: "지우 is typing" });
});

test("system messages, deleted ones and those of a newer version are told in words", () => {
  const text = (more: object): string | undefined => {
    const { context } = createScene([talk(club, [1, 2], [[2, 3, "x", more]])]);
    return createChatList(context, () => "").value[0]?.preview.text;
  };
  const system = { event: "renamed", by: userId(1), name: "Tea" };
  expect(text({ kind: "system", system })).toBe("You renamed the group to “Tea”");
  expect(text({ deleted_at: at(1) })).toBe("Message deleted");
  expect(text({ kind: "poll" })).toBe("This message needs a newer version of Damso");
});

test("a chat is muted until then, and not after", () => {
  const muted = (muted_until: string): boolean | undefined => {
    const { context } = createScene([talk(ann, [1, 2], [], { muted_until })]);
    return createChatList(context, () => "").value[0]?.muted;
  };
  expect(muted(at(-5))).toBe(true);
  expect(muted(at(5))).toBe(false);
});

test("the chat with oneself is called notes, and has no presence", () => {
  const { fake, context } = createScene([talk(direct(1), [1], [[1, 3, "milk"]])]);
  fake.see({ user_id: userId(1), state: "online" });
  expect(createChatList(context, () => "").value[0]).toMatchObject({
    name: "Notes to self",
    online: false,
    tick: "stored",
  });
});

test("a chat with something on its way stands above those with what is kept, and below the pinned ones", () => {
  const { fake, context } = createScene([
    talk(direct(3), [1, 3], [[3, 9, "pinned"]], { pinned: true }),
    talk(club, [1, 2, 3], [[3, 3, "newer"]]),
    talk(ann, [1, 2], [[2, 5, "older"]]),
  ]);
  const rows = createChatList(context, () => "");
  const names = (): string[] => rows.value.map(({ id }) => id);
  expect(names()).toEqual([direct(3), club, ann]);
  fake.hold = true;
  fake.sendSoon(ann, "on its way");
  expect(names()).toEqual([direct(3), ann, club]);
  fake.refuse(ann, "blocked");
  expect(names()).toEqual([direct(3), club, ann]);
});
