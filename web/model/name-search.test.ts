import { expect, test } from "bun:test";
import { matchesName } from "./name-search.ts";

const found = (name: string, ...typed: string[]): boolean[] =>
  typed.map((each) => matchesName(name, each));

test("a name is found by the beginning of any of its words", () => {
  expect(found("Noah Kim", "no", "KIM", " ki ", "oah", "kimm")).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(matchesName("anybody", "")).toBe(true);
});

test("Hangul is found by initial consonants, by half a syllable, and without the family name", () => {
  expect(found("지우", "ㅈㅇ", "지ㅇ", "지우", "ㅈ", "ㅇㅈ")).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
  expect(found("김도현", "ㄷㅎ", "도", "도혀", "현", "ㄱㄷㅎ", "기")).toEqual([
    true,
    true,
    true,
    true,
    true,
    true,
  ]);
  expect(found("진서", "지", "지서", "지나")).toEqual([true, false, false]);
  expect(found("할머니", "ㅎㅁㄴ", "ㅁㄴㅇ")).toEqual([true, false]);
});
