import { expect, test } from "bun:test";
import { DamsoError } from "@damso/sdk";
import { createScene, memoryKeep, settle } from "../testing/context.ts";
import type { Scene } from "../testing/context.ts";
import type { Line } from "../testing/scene.ts";
import { direct, talk } from "../testing/scene.ts";
import type { Deletions } from "./deletions.ts";
import { createDeletions, withoutDoomed } from "./deletions.ts";
import { createReporting } from "./report.ts";

const ann = direct(2);

const three = [1, 2, 3].map((each): Line => [1, 9 - each, `line ${each}`]);

type Begun = Scene & { deletions: Deletions; notice: () => string };

function begin(keep = memoryKeep(), lines = three): Begun {
  const scene = createScene([talk(ann, [1, 2], lines)], keep);
  const { report, notice } = createReporting(scene.context);
  const deletions = createDeletions(scene.context, report);
  return { ...scene, deletions, notice: () => notice.value };
}

const deleted = ({ fake }: Scene): unknown[] =>
  fake.calls.filter(([name]) => name === "delete").map(([, , seq, whom]) => [seq, whom]);

test("a deletion waits, and is carried out after", async () => {
  const scene = begin();
  scene.deletions.remove(ann, [2], "me");
  expect(scene.deletions.undoable.value).toBe(1);
  expect(deleted(scene)).toEqual([]);
  scene.run();
  await settle();
  expect(deleted(scene)).toEqual([[2, "me"]]);
  expect(scene.deletions.doomed.value).toEqual([]);
});

test("[M4] a deletion for all leaves the files: what they were passed on with names them too", async () => {
  const id = "m1";
  const file = { id, kind: "image", name: "a.jpg", content_type: "image/jpeg", bytes: 1 } as const;
  const lines: Line[] = [[1, 9, "a.jpg", { attachments: [file] }]];
  const scene = begin(memoryKeep(), lines);
  scene.deletions.remove(ann, [1], "all");
  scene.deletions.flush();
  await settle();
  expect(scene.fake.calls).toEqual([["delete", ann, 1, "all"]]);
});

test("what is taken back stays", async () => {
  const scene = begin();
  scene.deletions.remove(ann, [1, 2], "all");
  scene.deletions.undo();
  scene.run();
  await settle();
  expect(deleted(scene)).toEqual([]);
  expect(scene.deletions.doomed.value).toEqual([]);
});

test("what a run did not get to, the next one does", async () => {
  const keep = memoryKeep();
  begin(keep).deletions.remove(ann, [3], "all");
  const next = begin(keep);
  expect(next.deletions.doomed.value).toEqual([{ channel: ann, seq: 3, whom: "all" }]);
  expect(next.deletions.undoable.value).toBe(0);
  next.run();
  await settle();
  expect(deleted(next)).toEqual([[3, "all"]]);
});

test("a server that is away is asked again; a refusal is told", async () => {
  const scene = begin();
  let code: "disconnected" | "forbidden" = "disconnected";
  scene.fake.delete = async () => {
    throw new DamsoError(code);
  };
  scene.deletions.remove(ann, [1], "all");
  scene.deletions.flush();
  await settle();
  expect(scene.deletions.doomed.value.length).toBe(1);
  expect(scene.notice()).toBe("");
  code = "forbidden";
  scene.deletions.flush();
  await settle();
  expect(scene.deletions.doomed.value).toEqual([]);
  expect(scene.notice()).toBe("You may not do this.");
});

test("a doomed message is out of sight, or stands as deleted", () => {
  const { fake } = begin();
  const { messages } = fake.messages(ann);
  const shown = withoutDoomed(messages, ann, [
    { channel: ann, seq: 1, whom: "me" },
    { channel: ann, seq: 2, whom: "all" },
    { channel: direct(3), seq: 3, whom: "me" },
  ]);
  expect(shown.map(({ seq, deleted_at }) => [seq, deleted_at !== undefined])).toEqual([
    [2, true],
    [3, false],
  ]);
  expect(withoutDoomed(messages, direct(3), [])).toBe(messages);
});

test("two tabs carry out their own deletions, and forget none of the other's", async () => {
  const keep = memoryKeep();
  const [one, two] = [begin(keep), begin(keep)];
  one.fake.delete = () => Promise.reject(new DamsoError("disconnected"));
  one.deletions.remove(ann, [1], "me");
  one.deletions.flush();
  two.deletions.remove(ann, [2], "me");
  two.deletions.flush();
  await settle();
  expect(deleted(two)).toEqual([[2, "me"]]);
  expect(begin(keep).deletions.doomed.value).toEqual([{ channel: ann, seq: 1, whom: "me" }]);
});

test("what can still be taken back in one tab, the start of another does not carry out", async () => {
  const keep = memoryKeep();
  const one = begin(keep);
  one.deletions.remove(ann, [1], "all");
  const two = begin(keep);
  two.deletions.flush();
  await settle();
  expect(deleted(two)).toEqual([]);
  one.deletions.undo();
  two.run();
  await settle();
  expect(deleted(two)).toEqual([]);
});
