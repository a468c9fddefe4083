import { expect, test } from "bun:test";
import { memoryKeep } from "../testing/context.ts";
import type { Press } from "./keys.ts";
import { DEFAULT_CHORDS, KEY_ACTIONS, createKeyMap } from "./keys.ts";

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const press = (key: string, code: string, more: Partial<Press> = {}): Press => ({
  ...none,
  key,
  code,
  ...more,
});

test("a key does the same whatever layout it types with", () => {
  const keys = createKeyMap(memoryKeep(), false);
  expect(keys.actionOf(press("k", "KeyK", { ctrlKey: true }))).toBe("switcher");
  expect(keys.actionOf(press("ㅏ", "KeyK", { ctrlKey: true }))).toBe("switcher");
  expect(keys.actionOf(press("k", "KeyK"))).toBeUndefined();
  expect(keys.chordOf(press("Control", "ControlLeft", { ctrlKey: true }))).toBeUndefined();
});

test("Command is the modifier on Apple's machines, and looks like it", () => {
  const keys = createKeyMap(memoryKeep(), true);
  expect(keys.actionOf(press("k", "KeyK", { metaKey: true }))).toBe("switcher");
  expect(keys.actionOf(press("k", "KeyK", { ctrlKey: true }))).toBeUndefined();
  expect(keys.shown("Mod+Shift+F")).toBe("⌘⇧F");
  expect(createKeyMap(memoryKeep(), false).shown("Alt+ArrowDown")).toBe("Alt+↓");
});

test("no two actions begin with the same chord", () => {
  expect(new Set(Object.values(DEFAULT_CHORDS)).size).toBe(KEY_ACTIONS.length);
});

test("a chord is bound anew and kept, never twice, and never one that is typed", () => {
  const keep = memoryKeep();
  const keys = createKeyMap(keep, false);
  expect(keys.rebind("switcher", "Mod+F")).toBe("taken");
  expect(keys.rebind("switcher", "G")).toBe("plain");
  expect(keys.rebind("switcher", "Shift+G")).toBe("plain");
  expect(keys.rebind("switcher", "Mod+G")).toBe("ok");
  const again = createKeyMap(keep, false);
  expect(again.actionOf(press("g", "KeyG", { ctrlKey: true }))).toBe("switcher");
  expect(again.actionOf(press("k", "KeyK", { ctrlKey: true }))).toBeUndefined();
  again.reset("switcher");
  expect(again.chords.value).toEqual(DEFAULT_CHORDS);
});

test("a Latin layout has its letters where it has them", () => {
  const keys = createKeyMap(memoryKeep(), false);
  // Dvorak's K, and the M of France.
  expect(keys.actionOf(press("k", "KeyV", { ctrlKey: true }))).toBe("switcher");
  expect(keys.actionOf(press("t", "KeyK", { ctrlKey: true }))).toBeUndefined();
  expect(keys.actionOf(press("m", "Semicolon", { altKey: true }))).toBe("mute");
});
