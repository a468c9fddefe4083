import { expect, test } from "bun:test";
import { LIMITS } from "@damso/protocol/limits";
import { createScene, settle } from "../testing/context.ts";
import type { Scene } from "../testing/context.ts";
import { direct, talk } from "../testing/scene.ts";
import type { Composer } from "./composer.ts";
import { createComposer } from "./composer.ts";
import { createDrafts } from "./drafts.ts";
import { createEdits } from "./edits.ts";
import type { Reporting } from "./report.ts";
import { createReporting } from "./report.ts";

const ann = direct(2);
const FULL = "가".repeat(LIMITS.body_code_points_max);

function open(): Scene & Reporting & { composer: Composer } {
  const scene = createScene([talk(ann, [1, 2], [[1, 2, "hello"]])]);
  const reporting = createReporting(scene.context);
  const { report } = reporting;
  const drafts = createDrafts(scene.context);
  const edits = createEdits(scene.context, report);
  return {
    ...scene,
    ...reporting,
    composer: createComposer(scene.context, ann, { drafts, report, edits }),
  };
}
const typed = (composer: Composer, text: string): void => composer.type(text, text.length);

test("a text of as many characters as a message may have is sent", () => {
  const { fake, composer } = open();
  typed(composer, FULL);
  composer.submit();
  expect(fake.calls).toContainEqual(["sendSoon", ann, FULL, {}]);
});

test("a longer one is told about and stays in the field, to be made shorter", () => {
  const { fake, composer, notice } = open();
  typed(composer, `${FULL}가`);
  composer.submit();
  expect(fake.calls.filter(([name]) => name === "sendSoon")).toEqual([]);
  expect(notice.value).toBe("This is too long.");
  expect(composer.ready.value).toBe(true);
});

test("a change that was refused is in the field again", async () => {
  const { fake, composer, notice } = open();
  fake.edit = () => Promise.reject(new Error("gone"));
  await composer.edit(fake.messages(ann).messages[0]!);
  typed(composer, "hello you");
  composer.submit();
  expect(composer.mode.value.kind).toBe("new");
  await settle();
  expect(notice.value).not.toBe("");
  expect(composer.mode.value.kind).toBe("edit");
  expect(composer.field.value.text).toBe("hello you");
});

test("it comes over nothing that was begun meanwhile", async () => {
  const { fake, composer } = open();
  fake.edit = () => Promise.reject(new Error("gone"));
  await composer.edit(fake.messages(ann).messages[0]!);
  typed(composer, "hello you");
  composer.submit();
  typed(composer, "next");
  await settle();
  expect(composer.mode.value.kind).toBe("new");
});
