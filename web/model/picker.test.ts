import { expect, test } from "bun:test";
import { createScene } from "../testing/context.ts";
import { direct, talk, userId } from "../testing/scene.ts";
import type { Picker } from "./picker.ts";
import { createPicker } from "./picker.ts";
import { createRelations } from "./relations.ts";
import { createReporting } from "./report.ts";

async function open(without: number[] = []) {
  const scene = createScene([talk(direct(9), [1, 9], [[9, 1, "hi"]])]);
  const { report } = createReporting(scene.context);
  const { contacts } = createRelations(scene.context, report);
  const picker = createPicker(scene.context, contacts, report, () => without.map(userId));
  await contacts.load();
  return { ...scene, picker };
}
const names = (picker: Picker): string[] => picker.matches.value.map(({ name }) => name);

test("friends, and whoever one talks with, are there by name", async () => {
  const { picker } = await open();
  expect(names(picker)).toEqual(["Noah Kim", "Olivia", "Sam", "지우", "하윤"]);
  picker.type("ㅈㅇ");
  expect(names(picker)).toEqual(["지우"]);
  picker.type("@user3");
  expect(names(picker)).toEqual(["Sam"]);
  expect(names((await open([3, 9])).picker)).toEqual(["Olivia", "지우", "하윤"]);
});

test("a username that nobody in the list has can be looked up", async () => {
  const { picker } = await open();
  picker.type("us");
  expect(picker.unknown.value).toBeUndefined();
  picker.type("@User7 ");
  expect(picker.unknown.value).toBe("user7");
  expect((await picker.find())?.name).toBe("Theo");
  expect([picker.typed.value, picker.missing.value]).toEqual(["", ""]);
  picker.type("nobody");
  expect(await picker.find()).toBeUndefined();
  expect([picker.missing.value, picker.unknown.value]).toEqual(["nobody", undefined]);
  picker.type("nobody2");
  expect(picker.missing.value).toBe("");
});

test("who is picked is in, and picked again is out", async () => {
  const { picker } = await open();
  const [noah, olivia] = picker.matches.value;
  for (const each of [noah, olivia, noah]) if (each) picker.toggle(each);
  expect(picker.picked.value.map(({ name }) => name)).toEqual(["Olivia"]);
  expect(olivia && picker.isPicked(olivia.user_id)).toBe(true);
});
