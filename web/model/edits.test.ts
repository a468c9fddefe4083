import { expect, test } from "bun:test";
import { DamsoError } from "@damso/sdk";
import type { Message } from "@damso/sdk";
import { createScene, memoryKeep, settle } from "../testing/context.ts";
import type { Scene } from "../testing/context.ts";
import { direct, talk } from "../testing/scene.ts";
import type { Edits } from "./edits.ts";
import { createEdits, waitingIn, withEdits } from "./edits.ts";
import { createReporting } from "./report.ts";

const ann = direct(2);

type Begun = Scene & { edits: Edits; message: Message; notice: () => string };

function begin(keep = memoryKeep()): Begun {
  const scene = createScene([talk(ann, [1, 2], [[1, 3, "hello"]])], keep);
  const { report, notice } = createReporting(scene.context);
  const [message] = scene.fake.messages(ann).messages;
  if (!message) throw new Error("no message");
  return {
    ...scene,
    edits: createEdits(scene.context, report),
    message,
    notice: () => notice.value,
  };
}

const away = async (): Promise<never> => {
  throw new DamsoError("timeout");
};
const edited = ({ fake }: Scene): unknown[] =>
  fake.calls.filter(([name]) => name === "edit").map(([, , , body]) => body);
const shown = ({ fake, edits }: Begun): unknown[] => {
  const { messages } = withEdits(fake.messages(ann), ann, edits.all.value);
  const waiting = waitingIn(ann, edits.all.value);
  return messages.map(({ seq, body, edited_at }) => [
    body,
    edited_at !== undefined,
    waiting.has(seq),
  ]);
};

test("a change is seen at once as one that waits, and then as what it is", async () => {
  const scene = begin();
  const changing = scene.edits.change(scene.message, "hello you");
  expect(shown(scene)).toEqual([["hello you", true, true]]);
  expect(await changing).toBe(true);
  expect(shown(scene)).toEqual([["hello you", true, false]]);
  expect(edited(scene)).toEqual(["hello you"]);
});

test("it is shown until the changed message is here, which can come after the answer", async () => {
  const scene = begin();
  const { edit } = scene.fake;
  scene.fake.edit = async () => {};
  await scene.edits.change(scene.message, "hello you");
  expect(shown(scene)).toEqual([["hello you", true, false]]);
  await edit(ann, 1, "hello all");
  const { messages } = scene.fake.messages(ann);
  const page = {
    messages: messages.map((each) => ({ ...each, body_rev: 2 })),
    more_before: false,
    more_after: false,
  };
  expect(withEdits(page, ann, scene.edits.all.value).messages[0]?.body).toBe("hello all");
});

test("what a server that is away has not taken waits for it, also over a start", async () => {
  const keep = memoryKeep();
  const scene = begin(keep);
  scene.fake.edit = away;
  expect(await scene.edits.change(scene.message, "hello you")).toBe(true);
  expect([shown(scene), scene.notice()]).toEqual([[["hello you", true, true]], ""]);
  const next = begin(keep);
  expect(shown(next)).toEqual([["hello you", true, true]]);
  next.edits.flush();
  await settle();
  expect(edited(next)).toEqual(["hello you"]);
  expect(begin(keep).edits.all.value).toEqual([]);
});

test("a refusal is told, and the message stands as it was", async () => {
  const scene = begin();
  scene.fake.edit = async () => {
    throw new DamsoError("forbidden");
  };
  expect(await scene.edits.change(scene.message, "hello you")).toBe(false);
  expect(scene.notice()).toBe("You may not do this.");
  expect(shown(scene)).toEqual([["hello", false, false]]);
});

test("of two changes of a message the newer comes last, whatever becomes of the older", async () => {
  const scene = begin();
  const { edit } = scene.fake;
  const { promise, reject } = Promise.withResolvers<void>();
  scene.fake.edit = () => promise;
  void scene.edits.change(scene.message, "one");
  void scene.edits.change(scene.message, "two");
  expect(shown(scene)).toEqual([["two", true, true]]);
  scene.fake.edit = edit;
  expect(edited(scene)).toEqual([]);
  reject(new DamsoError("forbidden"));
  await settle();
  expect(edited(scene)).toEqual(["two"]);
  expect(shown(scene)).toEqual([["two", true, false]]);
});

test("what another tab has put in the place of a change is not undone", async () => {
  const keep = memoryKeep();
  const one = begin(keep);
  const { edit } = one.fake;
  one.fake.edit = away;
  await one.edits.change(one.message, "one");
  const two = begin(keep);
  two.fake.edit = away;
  await two.edits.change(two.message, "two");
  one.fake.edit = edit;
  one.edits.flush();
  await settle();
  // It was the older text's own tab that found the newer one.
  expect(edited(one)).toEqual([]);
  expect(begin(keep).edits.all.value.map(({ body }) => body)).toEqual(["two"]);
});

test("a storage that keeps nothing loses nothing of this run", async () => {
  const scene = begin({ get: () => undefined, set: () => {}, remove: () => {} });
  const { edit } = scene.fake;
  scene.fake.edit = away;
  await scene.edits.change(scene.message, "hello you");
  scene.fake.edit = edit;
  scene.edits.flush();
  await settle();
  expect(edited(scene)).toEqual(["hello you"]);
});
