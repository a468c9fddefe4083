import { expect, test } from "bun:test";
import { en } from "./en.ts";
import { entranceOf } from "./entrance.ts";
import { ko } from "./ko.ts";
import { screensOf } from "./screens.ts";

test("an answer to oneself is told to oneself", () => {
  expect([ko.replyingTo("나"), ko.replyingTo("지우")]).toEqual(["나에게 답장", "지우님에게 답장"]);
  expect([en.replyingTo("You"), en.replyingTo("Ann")]).toEqual(["Reply to you", "Reply to Ann"]);
});

test("a particle fits the sound before it", () => {
  const renamed = (name: string): string => ko.system.renamed("지우", name);
  expect(["차모임", "산책길", "나무", "Tea"].map(renamed)).toEqual([
    "지우님이 그룹 이름을 ‘차모임’으로 바꿨어요",
    "지우님이 그룹 이름을 ‘산책길’로 바꿨어요",
    "지우님이 그룹 이름을 ‘나무’로 바꿨어요",
    "지우님이 그룹 이름을 ‘Tea’(으)로 바꿨어요",
  ]);
  const roles = ["방장", "관리자"].map((role) => ko.system.role("나", "지우", role));
  expect(roles).toEqual(["내가 지우님을 방장으로 정했어요", "내가 지우님을 관리자로 정했어요"]);
});

test("a role has its article", () => {
  const made = Object.values(en.role).map((role) => en.system.role("Ann", "You", role));
  expect(made).toEqual([
    "Ann made you the owner",
    "Ann made you an admin",
    "Ann made you a member",
  ]);
});

/** What a table of words is made of, whatever it says. */
function shapeOf(words: unknown, path = ""): string[] {
  if (typeof words === "object" && words !== null && !Array.isArray(words))
    return Object.entries(words).flatMap(([key, value]) => shapeOf(value, `${path}.${key}`));
  return [`${path} ${typeof words}`];
}

test("every word is there in both languages, and none is empty", () => {
  for (const [one, other] of [
    [en, ko],
    [screensOf("en"), screensOf("ko")],
    [entranceOf("en"), entranceOf("ko")],
  ])
    expect(shapeOf(one).toSorted()).toEqual(shapeOf(other).toSorted());
  const said = JSON.stringify([
    en,
    ko,
    ...(["en", "ko"] as const).flatMap((it) => [screensOf(it), entranceOf(it)]),
  ]);
  expect(said).not.toContain(':""');
});
