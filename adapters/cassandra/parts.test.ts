import { expect, test } from "bun:test";
import { KEY_COLUMNS } from "@damso/core/tables";
import type { TableName } from "@damso/core/tables";
import { bucketsOf } from "./buckets.ts";
import type { Bounds } from "./buckets.ts";
import { createFlight } from "./flight.ts";
import { LAYOUT } from "./layout.ts";
import { part } from "./parts.ts";

test("what is written is parted by partition and by bytes, and a large piece goes alone", () => {
  const piece = (partition: string, bytes: number) => ({ partition, bytes });
  const pieces = [piece("a", 6), piece("b", 1), piece("a", 5), piece("a", 4), piece("a", 99)];
  expect(part(pieces, 10)).toEqual([
    [piece("a", 6)],
    [piece("b", 1)],
    [piece("a", 5), piece("a", 4)],
    [piece("a", 99)],
  ]);
  expect(part([], 10)).toEqual([]);
});

test("every column of a key has a type that holds it", () => {
  for (const table of Object.keys(KEY_COLUMNS) as TableName[]) {
    const kinds = LAYOUT[table].columns.map(({ type }) => (type === "text" ? "text" : "number"));
    expect([table, kinds]).toEqual([table, [...KEY_COLUMNS[table]]]);
  }
});

/** The buckets of ten that a range touches, and how often the end was asked for. */
async function touched(bounds: Partial<Bounds>, end: number): Promise<[number[], number]> {
  let asked = 0;
  const all = { from: undefined, to: undefined, reverse: false, ...bounds };
  const read = (): Promise<number> => Promise.resolve((asked++, end));
  return [await Array.fromAsync(bucketsOf(10, all, read)), asked];
}

test("a range touches the buckets of its bounds, and asks for the end only where it needs it", async () => {
  expect(await touched({ from: 12, to: 19 }, 5)).toEqual([[1], 0]);
  expect(await touched({ from: 12, to: 39 }, 2)).toEqual([[1, 2], 1]);
  expect(await touched({ from: 12 }, 3)).toEqual([[1, 2, 3], 1]);
  expect(await touched({}, 0)).toEqual([[0], 1]);
  expect(await touched({ reverse: true }, 2)).toEqual([[2, 1, 0], 1]);
  expect(await touched({ reverse: true, to: 9_999 }, 2)).toEqual([[999, 2, 1, 0], 1]);
  expect(await touched({ reverse: true, from: 20, to: 39 }, 9)).toEqual([[3, 2], 1]);
  expect(await touched({ reverse: true, from: 20, to: 29 }, 9)).toEqual([[2], 0]);
  expect(await touched({ from: 30, to: 9 }, 9)).toEqual([[], 0]);
  expect(await touched({ reverse: true, from: 30, to: 9 }, 9)).toEqual([[], 0]);
});

test("[I20] no more are under way than the bound, in their order, and one too many is refused", async () => {
  const flight = createFlight(2, 3, () => new Error("full"));
  const log: string[] = [];
  const work = (n: number) =>
    flight.run(async () => {
      log.push(`+${n}`);
      await Bun.sleep(1);
      log.push(`-${n}`);
      if (n === 1) throw new Error("broken");
    });
  const settled = await Promise.allSettled([0, 1, 2, 3, 4, 5].map(work));
  expect(settled.map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
    "fulfilled",
    "rejected",
  ]);
  expect(log.filter((line) => line.startsWith("+"))).toEqual(["+0", "+1", "+2", "+3", "+4"]);
  let flying = 0;
  for (const line of log) {
    flying += line.startsWith("+") ? 1 : -1;
    expect(flying).toBeLessThanOrEqual(2);
  }
});
