/** From a directory into a cluster, both of them in memory, and what belongs to a place in each. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeCell } from "@damso/contracts/fakes/cell";
import { createFakeScans } from "@damso/contracts/fakes/scans";
import { createFakeTable } from "@damso/contracts/fakes/table";
import type { FakeTable } from "@damso/contracts/fakes/table";
import { rejection } from "@damso/contracts/rejection";
import { openLevelStore } from "@damso/adapters/leveldb/store";
import { openDiskBlobs } from "@damso/adapters/disk/blobs";
import { listDiskBlobs } from "@damso/adapters/disk/list";
import { openSqliteRecords } from "@damso/adapters/sqlite/open";
import { placeOf } from "@damso/core/owner/place";
import type { Put } from "@damso/core/tables";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { parseShape } from "../shard/shape.ts";
import { clusterStores } from "./cluster.ts";
import type { ClusterDeps } from "./cluster.ts";
import { embeddedStores } from "./embedded.ts";
import { exportAll } from "./export.ts";
import { importAll } from "./import.ts";
import { readManifest } from "./manifest.ts";
import type { MediaStore, Stores } from "./stores.ts";

const NOW = 1_800_000_000_000;
const SHARDS = 7;
const channel = "g1500000000000000001" as ChannelId;
const USERS = Array.from({ length: 9 }, (_, at) => `150000000000000001${at}` as UserId);

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "damso-places-"));
});
afterEach(() => rm(root, { recursive: true }));

async function mediaAt(path: string): Promise<MediaStore> {
  return { ...(await openDiskBlobs(path)), list: () => listDiskBlobs(path) };
}

async function embedded(
  name: string,
): Promise<{ stores: Stores; put(puts: Put[]): Promise<void> }> {
  const directory = join(root, name);
  const records = await openSqliteRecords(join(directory, "accounts.sqlite"), 1);
  const store = await openLevelStore(join(directory, "history"));
  const media = await mediaAt(join(directory, "media"));
  const stores = embeddedStores({ directory, store, records, media, now: NOW });
  return { stores, put: (puts) => store.commit(puts) };
}

async function cluster(name: string, more: Partial<ClusterDeps> = {}) {
  const table = createFakeTable();
  const deps: ClusterDeps = {
    name: `the cluster ${name}`,
    shape: { shards: SHARDS, epoch: 3 },
    cell: createFakeCell(),
    table: { ...table, ...createFakeScans(table) },
    discovery: { list: async () => [], owners: async () => new Map() },
    logEnds: async () => undefined,
    now: NOW,
    records: await openSqliteRecords(join(root, `${name}.sqlite`), 1),
    media: await mediaAt(join(root, `${name}.media`)),
    pause: async () => {},
    close: async () => {},
    ...more,
  };
  return { deps, table, stores: clusterStores(deps) };
}

const PUTS: Put[] = [
  { table: "bodies", key: [channel, 1], row: { body: "안녕" } },
  { table: "bodies", key: [channel, 12], row: { body: "x".repeat(9) } },
  ...USERS.map((user): Put => {
    return { table: "pushes", key: [0, NOW, user, 4], row: { channel, seq: 1 } };
  }),
  {
    table: "checkpoint",
    key: [0],
    row: { epoch: "abc", client_ids_below: NOW + 900_000, ids_below: 7, tells_below: 3 },
  },
];

async function exported(): Promise<string> {
  const from = await embedded("from");
  await from.put(PUTS);
  const folder = join(root, "export");
  const options = { stores: from.stores, folder, program: "0", now: NOW, said: () => {} };
  await exportAll(options);
  await from.stores.close();
  return folder;
}

test("[S20][S14][S19] rows go in below all that owners will write, pushes to their user's shard, and every shard begins anew", async () => {
  const folder = await exported();
  const { stores, table, deps } = await cluster("to");
  await importAll({ stores, folder, said: () => {} });
  expect(parseShape(await deps.cell.read())).toEqual({ kind: "settled", shape: deps.shape });
  for (const user of USERS)
    expect(await table.get("pushes", [placeOf(user, SHARDS), NOW, user, 4])).toEqual({
      channel,
      seq: 1,
    });
  for (let shard = 0; shard < SHARDS; shard++) {
    const row = await table.get("checkpoint", [shard]);
    expect(row?.client_ids_below).toBe(NOW + 900_000);
    expect(row?.ids_below).toBeGreaterThan(NOW);
    expect(row?.epoch).not.toBe("abc");
    expect(await table.get("flushed", [shard])).toEqual({ epoch: 3, position: 0 });
  }
  const row = { body: "a later one" };
  const put = { table: "bodies", key: [channel, 1] as const, row } as const;
  await table.write([{ put, stamp: 3 * 2 ** 40 + 1 }]);
  expect(await table.get("bodies", [channel, 1])).toEqual(row);
  await stores.close();
});

test("[S20] a cluster that is one already, or has rows, or logs of that epoch, takes nothing", async () => {
  const folder = await exported();
  const refusal = async ({ stores }: { stores: Stores }): Promise<string> => {
    const error = await rejection(importAll({ stores, folder, said: () => {} }));
    await stores.close();
    expect(error).toMatchObject({ code: "refused" });
    return (error as Error).message;
  };
  const settled = createFakeCell('{"kind":"settled","shape":{"shards":1,"epoch":1}}');
  expect(await refusal(await cluster("a", { cell: settled }))).toContain("is a cluster already");
  const marked = await cluster("b");
  const put = { table: "fed", key: [1, 2], row: { n: 1 } } as const;
  await marked.table.write([{ put, stamp: 1 }]);
  expect(await refusal(marked)).toContain("has rows in fed");
  const logEnds = async (): Promise<{ first: number; last: number }> => ({ first: 1, last: 2 });
  expect(await refusal(await cluster("c", { logEnds }))).toContain("logs of epoch 3 already");
});

test("[S20] an import that fails leaves the cluster closed to nodes", async () => {
  const folder = await exported();
  const { stores, table, deps } = await cluster("torn");
  for (let tries = 0; tries < 20; tries++) table.fail("part");
  expect(String(await rejection(importAll({ stores, folder, said: () => {} })))).toContain("part");
  expect(parseShape(await deps.cell.read())?.kind).toBe("importing");
  await stores.close();
});

test("[S20] a write that Cassandra does not take, or takes in part, is done again", async () => {
  const folder = await exported();
  const { stores, table, deps } = await cluster("shaken");
  for (const fault of ["lost", "part", "unanswered"] as const) table.fail(fault);
  await importAll({ stores, folder, said: () => {} });
  expect(parseShape(await deps.cell.read())?.kind).toBe("settled");
  await stores.close();
});

test("[S20] an export during which a node has worked is none", async () => {
  const folder = await exported();
  let last = 0;
  const logEnds = async (): Promise<{ first: number; last: number }> => ({ first: last + 1, last });
  const { stores, table } = await cluster("worked", { logEnds });
  await importAll({ stores, folder, said: () => {} });
  const put = { table: "flushed", row: { epoch: 3, position: 9 } } as const;
  const said = (part: string): void => {
    if (part !== "history.feed") return;
    last = 9;
    for (let shard = 0; shard < SHARDS; shard++)
      void table.write([{ put: { ...put, key: [shard] }, stamp: 3 * 2 ** 40 + 9 }]);
  };
  const again = join(root, "worked");
  const exporting = exportAll({ stores, folder: again, program: "0", now: NOW, said });
  expect(String(await rejection(exporting))).toContain("was at work meanwhile");
  expect(await rejection(readManifest(again))).toMatchObject({ code: "refused" });
  await stores.close();
});

test("[S20] a cluster gives what is in its table when it is drained, with the bounds of all its shards", async () => {
  const folder = await exported();
  const { stores, table, deps } = await cluster("source");
  await importAll({ stores, folder, said: () => {} });
  const again = join(root, "again");
  const options = { stores, program: "0", now: NOW, said: () => {} };
  const row = { epoch: "z", client_ids_below: 1, ids_below: NOW * 2, tells_below: 1 };
  const put = { table: "checkpoint", key: [6], row } as const;
  await table.write([{ put, stamp: 3 * 2 ** 40 + 1 }]);
  const manifest = await exportAll({ ...options, folder: again });
  expect(manifest.tables).toEqual((await readManifest(folder)).tables);
  expect(manifest.bounds.ids_below).toBe(NOW * 2);
  expect(manifest.bounds.epochs).toContain("z");
  const wrong = clusterStores({ ...deps, shape: { shards: 8, epoch: 3 } });
  const refused = exportAll({ ...options, stores: wrong, folder: join(root, "x") });
  expect(String(await rejection(refused))).toContain("has --shards 7 --epoch 3");
  deps.discovery.owners = async () => new Map([[2, "n9"]]);
  const early = exportAll({ ...options, folder: join(root, "y") });
  expect(String(await rejection(early))).toContain("not drained: stop all nodes first (n9");
  await stores.close();
});

test("[S20][S9] an export reads the pushes that wait, and none of those that were deleted before", async () => {
  const folder = await exported();
  const { stores, table, deps } = await cluster("worn");
  await importAll({ stores, folder, said: () => {} });
  for (let shard = 0; shard < SHARDS; shard++) {
    const row = { epoch: "z", client_ids_below: 1, ids_below: 1, pushes_from: NOW - 9 };
    await table.write([
      { put: { table: "checkpoint", key: [shard], row }, stamp: 3 * 2 ** 40 + 1 },
    ]);
  }
  const worn = clusterStores({ ...deps, table: { ...deps.table, ...refusingGraves(table) } });
  const again = join(root, "again");
  const manifest = await exportAll({
    stores: worn,
    program: "0",
    now: NOW,
    said: () => {},
    folder: again,
  });
  expect(manifest.tables).toEqual((await readManifest(folder)).tables);
  await stores.close();
});

/** As Cassandra does where much was deleted: reads of all `pushes`, or of a bucket from its beginning, fail. */
function refusingGraves(table: FakeTable): Pick<ClusterDeps["table"], "range" | "scan"> {
  const { scan } = createFakeScans(table);
  const fail = (): never => {
    throw new Error("too many tombstones in pushes");
  };
  return {
    range: async (name, asked, signal) =>
      name === "pushes" && Number(asked.from ?? 0) < NOW - 9
        ? fail()
        : table.range(name, asked, signal),
    scan: (name) => (name === "pushes" ? fail() : scan(name)),
  };
}

test("[S20] what an older or newer program wrote is named, and so is what is no export", async () => {
  const folder = await exported();
  const path = join(folder, "manifest.json");
  const text = await readFile(path, "utf8");
  await Bun.write(path, text.replace('"version": 1', '"version": 2'));
  expect(String(await rejection(readManifest(folder)))).toContain("this program reads version 1");
  await Bun.write(path, "{}");
  expect(String(await rejection(readManifest(folder)))).toContain("is of no export");
  await Bun.write(path, text.replace('"history.bodies"', '"history.other"'));
  expect(String(await rejection(readManifest(folder)))).toContain("lacks history.bodies");
});
