import { expect, test } from "bun:test";
import { mutated } from "./mutation.ts";
import { MUTATIONS } from "./table.ts";

const root = new URL("../..", import.meta.url).pathname;
const sourceOf = (file: string): Promise<string> => Bun.file(root + file).text();
const parser = new Bun.Transpiler({ loader: "ts" });

test("[I1][I25] every planted bug has one place in the product, changes it, and can be parsed", async () => {
  for (const mutation of MUTATIONS) {
    const source = await sourceOf(mutation.file);
    const changed = mutated(mutation, source);
    expect(changed).not.toBe(source);
    expect(() => parser.transformSync(changed)).not.toThrow();
  }
});

test("[I1] planted bugs stand in product code, under names of their own", () => {
  expect(MUTATIONS.length).toBeGreaterThanOrEqual(35);
  expect(new Set(MUTATIONS.map(({ name }) => name)).size).toBe(MUTATIONS.length);
  for (const { file } of MUTATIONS) expect(file).toMatch(/^(core|sdk|server\/gateway)\//);
});

test("[I1] planted bugs break invariants that there are, and say how", async () => {
  const known = new Set((await sourceOf("spec/invariants.md")).match(/\bI\d+\b/g));
  for (const { breaks, bug } of MUTATIONS) {
    expect(breaks.length).toBeGreaterThan(0);
    expect(breaks.filter((rule) => !known.has(rule))).toEqual([]);
    expect(bug).toMatch(/^[A-Z].*\.$/);
  }
});
