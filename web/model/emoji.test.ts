import { expect, test } from "bun:test";
import { emojiFiles } from "../build-emoji.ts";
import { memoryKeep } from "../testing/context.ts";
import type { Emoji } from "./emoji.ts";
import { findEmoji, inGroups, recentEmoji, rememberEmoji } from "./emoji.ts";

const files = await emojiFiles();
const of = (language: "ko" | "en"): Emoji[] =>
  JSON.parse(files.get(`emoji-${language}.json`) ?? "");
const found = (language: "ko" | "en", typed: string): string[] =>
  findEmoji(of(language), typed).map(([emoji]) => emoji);

test("an emoji is found by its name in both languages, and by initial consonants", () => {
  expect(found("en", "heart")).toContain("❤️");
  expect(found("ko", "하트")).toContain("❤️");
  expect(found("ko", "ㅎㅌ")).toContain("❤️");
  expect(found("en", "no such thing")).toEqual([]);
});

test("all emoji stand in groups that have a name", () => {
  const groups = inGroups(of("ko"));
  expect(groups.map(({ group }) => group)).toEqual([0, 1, 3, 4, 5, 6, 7, 8, 9]);
  expect(groups.reduce((sum, { emoji }) => sum + emoji.length, 0)).toBe(of("en").length);
});

test("what was chosen last comes first, once", () => {
  const keep = memoryKeep();
  for (const emoji of ["🎉", "🍜", "🎉"]) rememberEmoji(keep, emoji);
  expect(recentEmoji(keep)).toEqual(["🎉", "🍜"]);
});
