import { afterAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
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
