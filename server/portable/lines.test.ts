import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rejection } from "@damso/contracts/rejection";
import { readLines, writeLines } from "./lines.ts";
import { createTally } from "./tally.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "damso-lines-"));
  path = join(folder, "a.jsonl.gz");
});
afterEach(() => rm(folder, { recursive: true }));

async function* pagesOf(...pages: string[][]): AsyncGenerator<string[]> {
  for (const page of pages) yield await Promise.resolve(page);
}

const read = async (): Promise<string[]> => (await Array.fromAsync(readLines(path))).flat();

test("[S20] lines come back as they went, whatever is in them and however long they are", async () => {
  const lines = ["{}", "안녕 🙂".repeat(100_000), '"\\n"', ...Array.from({ length: 999 }, String)];
  await writeLines(path, pagesOf([], lines.slice(0, 2), [], lines.slice(2)));
  expect(await read()).toEqual(lines);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await rm(path);
  await writeLines(path, pagesOf());
  expect(await read()).toEqual([]);
});

test("[S20] a file that is there is not written over, and one that is cut off is not read", async () => {
  await writeLines(path, pagesOf(Array.from({ length: 5000 }, (_, at) => `line ${at * at}`)));
  expect(await rejection(writeLines(path, pagesOf(["x"])))).toMatchObject({ code: "EEXIST" });
  await truncate(path, (await readFile(path)).length - 9);
  expect(await rejection(read())).toBeInstanceOf(Error);
  await writeFile(path, gzipSync("whole\nnot who"));
  expect(String(await rejection(read()))).toContain("ends in the middle of a line");
  await rm(path);
  expect(await rejection(read())).toMatchObject({ code: "ENOENT" });
});

test("[S20] a tally does not depend on the order, and changes with every row, also one that is there twice", () => {
  const of = (...lines: string[]): object => {
    const tally = createTally();
    for (const line of lines) tally.add(line);
    return tally.total();
  };
  expect(of()).toEqual({ rows: 0, sha256_sum: "0".repeat(64) });
  expect(of("a", "b", "c")).toEqual(of("c", "a", "b"));
  const others = [of("a", "b"), of("a", "b", "b"), of("a", "b", "d"), of("ab", "c", ""), of("abc")];
  for (const other of others) expect(other).not.toEqual(of("a", "b", "c"));
});
