import { expect, test } from "bun:test";
import { createRandom } from "./random.ts";
import type { Random } from "./random.ts";

const draw = (random: Random, count = 20): number[] => Array.from({ length: count }, random.next);

test("the same seed gives the same numbers, another seed others", () => {
  expect(draw(createRandom("damso 1"))).toEqual(draw(createRandom("damso 1")));
  expect(draw(createRandom("damso 1"))).not.toEqual(draw(createRandom("damso 2")));
});

test("the numbers of a seed are these on every machine, so that a pinned seed stays what it is", () => {
  const random = createRandom("damso 1");
  expect([1, 2, 3].map(() => random.int(0, 999_999))).toEqual([369_077, 716_932, 552_448]);
});

test("what a fork draws moves neither its source nor another fork", () => {
  const plain = createRandom("x");
  const expected = draw(plain);
  const source = createRandom("x");
  const [left, right] = [source.fork("left"), source.fork("right")];
  draw(left, 100);
  expect(draw(source)).toEqual(expected);
  expect(draw(right)).toEqual(draw(createRandom("x").fork("right")));
  expect(draw(createRandom("x").fork("left"))).not.toEqual(draw(createRandom("x").fork("right")));
});

test("numbers are spread evenly, and stay in their bounds", () => {
  const random = createRandom("spread");
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let n = 0; n < 10_000; n++) {
    const next = random.next();
    expect(next >= 0 && next < 1).toBe(true);
    tenths[Math.floor(next * 10)]!++;
    const int = random.int(3, 5);
    expect(int >= 3 && int <= 5 && Number.isInteger(int)).toBe(true);
  }
  for (const count of tenths) expect(count).toBeWithin(850, 1150);
});

test("a chance, a weight and a mean are kept over many draws", () => {
  const random = createRandom("many");
  const many = Array.from({ length: 10_000 }, (_, n) => n);
  expect(many.filter(() => random.chance(0.2)).length).toBeWithin(1850, 2150);
  expect(many.filter(() => random.weighted({ rare: 1, often: 9 }) === "rare").length).toBeWithin(
    850,
    1150,
  );
  const sum = many.reduce((total) => total + random.exponential(50), 0);
  expect(sum / many.length).toBeWithin(47, 53);
  expect(many.some(() => random.chance(0))).toBe(false);
  expect(many.every(() => random.chance(1))).toBe(true);
});
