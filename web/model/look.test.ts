import { expect, test } from "bun:test";
import { memoryKeep } from "../testing/context.ts";
import { createLook } from "./look.ts";

test("what was chosen is there again, and a value that nobody knows is the plain one", () => {
  const keep = memoryKeep();
  createLook(keep).set({ theme: "dark", text: 125 });
  expect(createLook(keep).values.value).toEqual({ theme: "dark", contrast: "system", text: 125 });
  keep.set("damso.look", '{"theme":"neon","text":10,"contrast":"more"}');
  expect(createLook(keep).values.value).toEqual({ theme: "system", contrast: "more", text: 100 });
  keep.set("damso.look", "{");
  expect(createLook(keep).values.value.theme).toBe("system");
});
