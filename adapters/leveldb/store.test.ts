import { afterAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shardStoreContract } from "@damso/contracts/shard-store";
import { LOCKED, openLevelStore } from "./store.ts";

const root = await mkdtemp(join(tmpdir(), "damso-leveldb-"));
afterAll(() => rm(root, { recursive: true, force: true }));

// A value that is no text makes LevelDB's own batch fail, as a disk would, before anything is written.
const notText = {
  toString: () => {
    throw new Error("not encodable");
  },
} as unknown as string;
shardStoreContract(
  "leveldb",
  (place) => openLevelStore(join(root, place)),
  (store) => {
    const commit = store.commit;
    store.commit = (puts) => {
      store.commit = commit;
      return commit(puts.map((put) => ({ ...put, json: notText })));
    };
  },
);

test("[S2] a store whose power went away while it was made is made again", async () => {
  const path = join(root, "unborn");
  await mkdir(path);
  await writeFile(join(path, "CURRENT"), "MANIFEST-000001\n");
  await writeFile(join(path, "MANIFEST-000001"), "");
  const store = await openLevelStore(path);
  await store.commit([{ table: "marks", key: ["g1" as never], row: { marks: [] } }]);
  await store.close();
  const again = await openLevelStore(path);
  expect(await again.get("marks", ["g1" as never])).toEqual({ marks: [] });
  await again.close();
});

test("[S2] a store that has more than that and does not open is left as it is", async () => {
  const path = join(root, "broken");
  await mkdir(path);
  await writeFile(join(path, "CURRENT"), "MANIFEST-000002\n");
  await writeFile(join(path, "MANIFEST-000002"), "");
  const opened = openLevelStore(path).then(
    () => "opened",
    () => "refused",
  );
  expect(await opened).toBe("refused");
  expect(await readFile(join(path, "CURRENT"), "utf8")).toBe("MANIFEST-000002\n");
});

test("[S10] a directory that is open already is refused with its own code", async () => {
  const store = await openLevelStore(join(root, "locked"));
  const second = openLevelStore(join(root, "locked"));
  expect(
    await second.then(
      () => "opened",
      (error: { code?: string }) => error.code,
    ),
  ).toBe(LOCKED);
  await store.close();
});

test("[S1] a scan gives every row of one table, and none of another", async () => {
  const store = await openLevelStore(join(root, "scanned"));
  const channel = "g1" as never;
  const body = (seq: number, text: string) =>
    ({ table: "bodies", key: [channel, seq], row: { body: text } }) as const;
  const bodies = Array.from({ length: 250 }, (_, at) => body(at + 1, `b${at + 1}`));
  await store.commit([...bodies, { table: "channels", key: [channel], row: {} as never }]);
  await store.commit([{ table: "marks", key: [channel], row: { marks: [] } }]);
  const found: unknown[] = [];
  for await (const page of store.scan("bodies")) found.push(...page);
  expect(found).toEqual(bodies.map(({ key, row }) => ({ key, json: JSON.stringify(row) })));
  await store.close();
});
