import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rejection } from "@damso/contracts/rejection";
import { loadKeys } from "./keys.ts";

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "damso-keys-"));
  path = join(directory, "keys.json");
});
afterEach(() => rm(directory, { recursive: true }));

test("[I24] keys are made once and then only read", async () => {
  const made = await loadKeys(path);
  const text = await readFile(path, "utf8");
  expect(await loadKeys(path)).toEqual(made);
  expect(await readFile(path, "utf8")).toBe(text);
  expect(made.signing).toHaveLength(32);
  expect(made.refresh).toHaveLength(32);
  expect(made.signing).not.toEqual(made.refresh);
  expect(await readdir(directory)).toEqual(["keys.json"]);
});

test("only their owner may read them", async () => {
  await loadKeys(path);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("starts at the same moment agree on one set", async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => loadKeys(path)));
  expect(new Set(all.map((keys) => keys.kid)).size).toBe(1);
  expect(await readdir(directory)).toEqual(["keys.json"]);
});

test("a damaged file is refused and kept, not replaced", async () => {
  for (const text of ["", "{", "[]", "null", '{"kid":"a","signing":"AA","refresh":"AA"}']) {
    await writeFile(path, text);
    expect(await rejection(loadKeys(path))).toMatchObject({
      message: expect.stringContaining("keys.json holds no keys"),
    });
    expect(await readFile(path, "utf8")).toBe(text);
  }
});
