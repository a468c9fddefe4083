import { expect, test } from "bun:test";
import type { UserId } from "@damso/sdk";
import type { Candidate } from "./mention.ts";
import { complete, matching, mentionQuery, mentionsIn } from "./mention.ts";

const all: Candidate[] = ["지우", "Sam Lee", "서연", "samuel"].map((name) => ({
  id: name as UserId,
  name,
}));
const names = (query: string): string[] => matching(all, query).map(({ name }) => name);

test("an @ at the beginning or after a space opens the list, within a word it does not", () => {
  expect(mentionQuery("@", 1)).toBe("");
  expect(mentionQuery("hi @sa", 6)).toBe("sa");
  expect(mentionQuery("hi @sa", 4)).toBe("");
  expect(mentionQuery("a@b", 3)).toBeUndefined();
  expect(mentionQuery("hi @sa m", 8)).toBeUndefined();
});

test("names match by the beginning of any word, in any case, and by initial consonants", () => {
  expect(names("SAM")).toEqual(["Sam Lee", "samuel"]);
  expect(names("lee")).toEqual(["Sam Lee"]);
  expect(names("지")).toEqual(["지우"]);
  expect(names("ㅈㅇ")).toEqual(["지우"]);
  expect(names("ㅅ")).toEqual(["서연"]);
  expect(names("x")).toEqual([]);
});

test("a choice completes the name where the caret is", () => {
  expect(complete("hi @sa and", 6, "Sam Lee")).toEqual({ text: "hi @Sam Lee  and", caret: 12 });
});

test("only those who still stand in the text are mentioned, each once", () => {
  const [jiwoo, sam] = all as [Candidate, Candidate];
  expect(mentionsIn("@지우 @지우", [jiwoo, jiwoo, sam])).toEqual([jiwoo.id]);
});

test("a name within a longer one means nobody, and of two with one name the chosen one is meant", () => {
  const [sam, samuel, other] = ["Sam", "Samuel", "Sam"].map((name, index) => ({
    id: `u${index}` as UserId,
    name,
  })) as [Candidate, Candidate, Candidate];
  expect(mentionsIn("@Samuel!", [sam, samuel])).toEqual([samuel.id]);
  expect(mentionsIn("@Sam and @Samuel", [sam, samuel])).toEqual([sam.id, samuel.id]);
  expect(mentionsIn("@Sam", [other, sam])).toEqual([other.id]);
});
