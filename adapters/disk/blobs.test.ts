import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blobsContract } from "@damso/contracts/blobs";
import { rejection } from "@damso/contracts/rejection";
import { openDiskBlobs } from "./blobs.ts";
import { listDiskBlobs } from "./list.ts";

const TEXT = { content_type: "text/plain", created_at: 1 };

const makeRoot = (): Promise<string> => mkdtemp(join(tmpdir(), "damso-blobs-"));

blobsContract("disk", async () => {
  const root = await makeRoot();
  return { open: () => openDiskBlobs(root), remove: () => rm(root, { recursive: true }) };
});

describe("the folder", () => {
  let root: string;
  beforeEach(async () => {
    root = await makeRoot();
  });
  afterEach(() => rm(root, { recursive: true }));

  const files = async (): Promise<string[]> => {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  };

  test("what a crash left half written is cleared at the next start", async () => {
    await openDiskBlobs(root);
    await writeFile(join(root, "unfinished", "half"), "x");
    const blobs = await openDiskBlobs(root);
    expect(await files()).toEqual([]);
    await blobs.put("a", new Uint8Array(3), TEXT);
    expect(await files()).toEqual(["a"]);
  });

  test("[I24] two boots in a row write nothing", async () => {
    const blobs = await openDiskBlobs(root);
    await blobs.put("media/a.txt", new Uint8Array(3), TEXT);
    const before = await times(root);
    await openDiskBlobs(root);
    await openDiskBlobs(root);
    expect(await times(root)).toEqual(before);
  });

  test("a failed put leaves no file behind", async () => {
    const blobs = await openDiskBlobs(root);
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(new Uint8Array(10));
      throw new Error("gone");
    }
    await rejection(blobs.put("a", failing(), TEXT));
    await rejection(blobs.put("b", new Uint8Array(1), { ...TEXT, content_type: "x".repeat(600) }));
    expect(await files()).toEqual([]);
  });

  test("only its owner may read an object", async () => {
    const blobs = await openDiskBlobs(root);
    await blobs.put("a", new Uint8Array(1), TEXT);
    for (const [path, { mode }] of await stats(root)) {
      expect([path, mode & 0o077]).toEqual([path, 0]);
    }
  });

  test("a file that the store did not write is an error, not an object", async () => {
    const blobs = await openDiskBlobs(root);
    await blobs.put("a", new Uint8Array(1), TEXT);
    const [path] = (await stats(root)).map(([name]) => name).filter((name) => name.endsWith("/a"));
    await writeFile(path ?? "", "something else");
    expect(await rejection(blobs.stat("a"))).toMatchObject({
      message: expect.stringContaining("not a blob file"),
    });
  });
});

async function stats(root: string): Promise<[string, { mode: number; mtimeMs: number }][]> {
  const names = await readdir(root, { recursive: true });
  return await Promise.all(
    names.sort().map(async (name): Promise<[string, { mode: number; mtimeMs: number }]> => {
      const path = join(root, name);
      return [path, await stat(path)];
    }),
  );
}

async function times(root: string): Promise<[string, number][]> {
  return (await stats(root)).map(([path, { mtimeMs }]) => [path, mtimeMs]);
}

test("[S20] a list has the key of every blob, and none where nothing was ever put", async () => {
  const root = await makeRoot();
  const list = async (): Promise<string[]> => (await Array.fromAsync(listDiskBlobs(root))).flat();
  expect(await list()).toEqual([]);
  const blobs = await openDiskBlobs(root);
  const keys = ["a", "a/b", "media/2026/x.png", "z_-.9"];
  for (const key of keys) await blobs.put(key, new Uint8Array(3), TEXT);
  expect((await list()).toSorted()).toEqual(keys);
  await rm(root, { recursive: true });
});
