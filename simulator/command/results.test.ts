import { afterAll, beforeAll, expect, test } from "bun:test";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertOneSweep, openResults, programHash, readPieces, seedsOf, sumOf } from "./results.ts";
import type { Piece } from "./results.ts";
import type { Line, Sweep } from "./sweep.ts";

let dir: string;
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), "damso-results-"))));
afterAll(() => rm(dir, { recursive: true }));

const sweep = (runs: number, sends: number): Sweep => ({
  runs,
  red: [],
  sums: { sends },
  injected: { partition: 2 },
  paths: { "a feed was polled": 1 },
  by_wiring: { single: 1, sharded: runs - 1 },
  seconds: 3,
});

const piece = (from: number, runs: number, program = "here"): Piece => ({
  program,
  from,
  sweep: sweep(runs, 10),
});

const red: Line = {
  seed: 7,
  wiring: "single",
  hash: "",
  faults: ["[I1] lost"],
  counts: {},
  injected: {},
  paths: {},
  ms: 1,
  trace: Array.from({ length: 40 }, (_, n) => `fact ${n}`),
};

const refusal = (opening: Promise<unknown>): Promise<string> => opening.then(() => "", String);

test("pieces of a sweep add up to one of all their seeds", () => {
  const pieces = [piece(101, 50), piece(1, 100)];
  expect(sumOf(pieces)).toEqual({
    runs: 150,
    red: [],
    sums: { sends: 20 },
    injected: { partition: 4 },
    paths: { "a feed was polled": 2 },
    by_wiring: { single: 2, sharded: 148 },
    seconds: 6,
  });
  expect(seedsOf(pieces)).toBe("1 to 150");
  expect(seedsOf([...pieces, piece(201, 5)])).toBe("1 to 150, 201 to 205");
});

test("pieces of two programs, and seeds that would count twice, are no sweep", () => {
  expect(() => assertOneSweep([piece(1, 10), piece(11, 10, "there")])).toThrow(
    "results of several programs: here, there",
  );
  expect(() => assertOneSweep([piece(11, 10), piece(1, 11)])).toThrow("seed 11 is there twice");
});

test("what a sweep came to is appended, with the end of each red trace", async () => {
  const file = join(dir, "kept");
  const keep = await openResults(file, 1);
  await keep(1, { ...sweep(6, 3), red: [red] });
  await keep(7, sweep(4, 2));
  await (
    await openResults(file, 11)
  )(11, sweep(10, 6));
  const pieces = await readPieces(file);
  expect(pieces.map(({ from }) => from)).toEqual([1, 7, 11]);
  expect(await refusal(openResults(file, 20))).toContain("has seed 20 already");
  expect(sumOf(pieces).sums).toEqual({ sends: 11 });
  expect(sumOf(pieces).red).toEqual([{ ...red, trace: red.trace.slice(-10) }]);
  expect(new Set(pieces.map(({ program }) => program))).toEqual(new Set([await programHash()]));
});

test("a file of another program is refused before a sweep begins", async () => {
  const file = join(dir, "other");
  await Bun.write(file, `${JSON.stringify(piece(1, 10, "there"))}\n`);
  expect(await refusal(openResults(file, 11))).toContain("is of the program there");
});

test("a file of something else, or where nothing can be written, is refused before a sweep begins", async () => {
  const file = join(dir, "letter");
  await Bun.write(file, "Dear Ann");
  expect(await refusal(openResults(file, 1))).toContain("not what this command keeps");
  expect(await Bun.file(file).text()).toBe("Dear Ann");
  await Bun.write(file, `${JSON.stringify(piece(1, 10))}\n{"key":"x"}\n`);
  expect(await refusal(readPieces(file))).toContain("letter, line 2: not what this command keeps");
  expect(await refusal(openResults(join(dir, "none", "x"), 1))).toContain("ENOENT");
});

test("a piece whose writing was cut off is no piece", async () => {
  const file = join(dir, "torn");
  await (
    await openResults(file, 1)
  )(1, sweep(10, 5));
  await appendFile(file, `{"program":"to`);
  expect((await readPieces(file)).length).toBe(1);
  await (
    await openResults(file, 11)
  )(11, sweep(10, 5));
  expect((await readPieces(file)).length).toBe(2);
});
