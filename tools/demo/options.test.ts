import { expect, test } from "bun:test";
import { parseOptions } from "./options.ts";
import { random } from "./random.ts";
import { planFor } from "./scene/plan.ts";

test("without flags it is thirty people, and the seed that was drawn", () => {
  expect(parseOptions([], 7)).toEqual({ people: 30, seed: 7, keep: false });
  expect(parseOptions(["--help"], 7)).toBeUndefined();
});

test("the flags are read", () => {
  const args = ["--people", "6", "--seed=9", "--keep", "--server", "http://localhost:8080/"];
  const server = "http://localhost:8080";
  expect(parseOptions(args, 7)).toEqual({ people: 6, seed: 9, keep: true, server });
});

test.each([["--people=5"], ["--people=many"], ["--seed=-1"], ["--server=nowhere"], ["--poeple=6"]])(
  "%s is refused",
  (arg) => {
    expect(() => parseOptions([arg], 7)).toThrow();
  },
);

test("a seed gives the same plan again", () => {
  expect(planFor(30, random(3))).toEqual(planFor(30, random(3)));
  expect(planFor(30, random(3)).pairs).not.toEqual(planFor(30, random(4)).pairs);
});

test("thirty people have twelve direct chats and three groups, one of them of a hundred", () => {
  const { pairs, groups, quiet } = planFor(30, random(3));
  expect(new Set(pairs.map((pair) => pair.toSorted().join())).size).toBe(12);
  expect(groups).toHaveLength(3);
  const [full] = groups.filter((group) => group.full);
  expect((full?.members.length ?? 0) + quiet).toBe(100);
});

test.each([6, 21, 22, 30, 100])("with %i people everybody in a plan is there", (people) => {
  const { pairs, groups, names } = planFor(people, random(1));
  const roles = groups.flatMap(({ members, founder, joiner, leaver }) => [
    ...members,
    founder,
    joiner ?? 0,
    leaver ?? 0,
  ]);
  expect(new Set(names).size).toBe(people);
  for (const position of [...pairs.flat(), ...roles]) expect(names[position]).toBeDefined();
  for (const { members, joiner, leaver, founder } of groups) {
    expect(members).not.toContain(joiner);
    if (leaver !== undefined) expect(members).toContain(leaver);
    expect(members).toContain(founder);
  }
});
