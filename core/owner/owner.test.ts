import { expect, test } from "bun:test";
import type { Owned } from "./moved.ts";
import type { LogStore } from "../log/store.ts";
import { cluster, settle, SHARDS } from "./scene.testing.ts";
import type { Cluster, TestNode } from "./scene.testing.ts";

const shards = Array.from({ length: SHARDS }, (_, shard) => shard);
const owned = ({ owner }: TestNode): number[] => shards.filter((shard) => owner.owns(shard));

/** Every shard has one owner of those alive. */
function expectShared({ nodes }: Cluster): void {
  const all = nodes.filter(({ alive }) => alive).flatMap(owned);
  expect(all.sort((a, b) => a - b)).toEqual(shards);
}

/** Two nodes that have shared the shards, and a shard of the first. */
async function pair(): Promise<{ scene: Cluster; a: TestNode; b: TestNode; shard: number }> {
  const scene = cluster();
  const [a, b] = [scene.add("a"), scene.add("b")];
  await scene.pass(1500);
  return { scene, a, b, shard: owned(a)[0] as number };
}

test("[S18] one node owns every shard; a second one takes over its part, for which the first answers no more", async () => {
  const scene = cluster();
  const a = scene.add("a");
  await scene.pass(500);
  expect(owned(a)).toEqual(shards);
  const b = scene.add("b");
  await scene.pass(1500);
  expectShared(scene);
  expect(owned(b).length).toBeGreaterThan(0);
  for (const shard of owned(b)) {
    expect(a.told).toContain(`left ${shard}`);
    expect(await scene.put(a, shard, "x")).toBe("unavailable");
    expect(await scene.put(b, shard, "x")).toBe("ok");
  }
});

test("[D20] an owner says that it is one when it has opened a shard and every few seconds, and who comes after is told apart", async () => {
  const { scene, a, b, shard } = await pair();
  const said = ({ published }: TestNode): string[] =>
    published
      .map((frame) => JSON.parse(frame) as Owned)
      .filter((one) => one.shard === shard)
      .map(({ shards, tenure }) => `${shards} ${tenure}`);
  expect(said(a)).toHaveLength(1);
  const [first] = said(a);
  await scene.pass(12_000);
  expect(said(a)).toEqual([first, first, first] as string[]);
  expect(said(b)).toEqual([]);
  // Both lose their leases, and one of them is there again first.
  for (const node of [a, b]) node.faults.cut = true;
  await scene.pass(4000);
  expect(said(a)).toHaveLength(3);
  for (const node of [a, b]) node.faults.cut = false;
  await scene.pass(1000);
  const later = [...said(a).slice(3), ...said(b)];
  expect(later).toHaveLength(1);
  expect(later).not.toEqual([first] as string[]);
});

test("[S17] a node that hears nothing of its leases answers nothing after their time, before anyone else does", async () => {
  const { scene, a, b, shard } = await pair();
  a.faults.cut = true;
  let alone = 0;
  for (let ms = 0; ms < 8000; ms += 50) {
    await scene.pass(50);
    const [ofA, ofB] = [await scene.put(a, shard, `a${ms}`), await scene.put(b, shard, `b${ms}`)];
    expect([ofA, ofB]).not.toEqual(["ok", "ok"]);
    if (ofA === "unavailable" && ofB === "unavailable") alone += 50;
  }
  expect(a.told).toContain(`lapsed ${shard}`);
  expect(owned(b)).toEqual(shards);
  expect(alone).toBeLessThan(5000);
});

/** Appends to this log wait until what it returns is called. */
function holdAppends(log: Cluster["logs"][number]["log"]): () => void {
  const { append } = log;
  const gate = Promise.withResolvers<void>();
  log.append = async (...args) => {
    await gate.promise;
    return await append(...args);
  };
  return gate.resolve;
}

test("[S17] a renewal that was on its way while a shard was given up takes no lease that lasts", async () => {
  const { scene, a, shard } = await pair();
  const gate = Promise.withResolvers<void>();
  a.faults.late = gate.promise;
  await scene.pass(600);
  delete a.faults.late;
  const left = a.owner.drain();
  await scene.pass(100);
  await left;
  expect(a.told).toContain(`left ${shard}`);
  gate.resolve();
  await settle();
  expect([...scene.leases.values()].filter(({ node }) => node === "a")).toEqual([]);
});

test("[D23][S18] a shard that is being given up goes on as long as it answers", async () => {
  const { scene, a, shard } = await pair();
  const gate = Promise.withResolvers<void>();
  const store = a.stores.get(shard) as LogStore;
  const { flush } = store;
  store.flush = async () => {
    await gate.promise;
    await flush();
  };
  const left = a.owner.drain();
  const before = a.ticked.get(shard) ?? 0;
  await scene.pass(3000);
  expect(await scene.put(a, shard, "still")).toBe("ok");
  expect((a.ticked.get(shard) ?? 0) - before).toBeGreaterThan(1);
  gate.resolve();
  await scene.pass(500);
  await left;
  expect(await scene.put(a, shard, "gone")).toBe("unavailable");
});

test("[S17] an answer that is ready after the lease has run out is not given", async () => {
  const { scene, a, shard } = await pair();
  const { log } = scene.logs[shard] as Cluster["logs"][number];
  const release = holdAppends(log);
  const answer = scene.put(a, shard, "slow");
  await settle();
  // The process stands still: no tick has noticed anything.
  scene.time.now += 5000;
  release();
  expect(await answer).toBe("unavailable");
  expect(a.owner.owns(shard)).toBe(false);
});

test("[S17] a lease that comes back after a gap opens the shard anew", async () => {
  const { scene, a, shard } = await pair();
  const before = a.stores.get(shard);
  scene.time.now += 5000;
  await scene.pass(1000);
  expect(a.owner.owns(shard)).toBe(true);
  expect(a.stores.get(shard)).not.toBe(before as never);
  expect(a.told).toContain(`lapsed ${shard}`);
});

test("[S17] a renewal that arrives when its lease had a gap does not count as unbroken", async () => {
  const { scene, a, shard } = await pair();
  const before = a.stores.get(shard);
  const late = Promise.withResolvers<void>();
  a.faults.late = late.promise;
  await scene.pass(500);
  scene.time.now += 5000;
  late.resolve();
  delete a.faults.late;
  await settle();
  await scene.pass(1000);
  expect(a.stores.get(shard)).not.toBe(before as never);
});

test("[S18] the shards of a node that died are taken within five seconds, although it is still listed", async () => {
  const { scene, a, b } = await pair();
  a.alive = false;
  await scene.pass(4000);
  expect(owned(b)).toEqual(shards);
  a.alive = true;
  await scene.pass(16_000);
  expectShared(scene);
  expect(owned(a).length).toBeGreaterThan(0);
});

test("[S13] a node whose store was fenced opens it again while the lease is its own", async () => {
  const { scene, a, shard } = await pair();
  await (scene.logs[shard] as Cluster["logs"][number]).open({ shard });
  expect(await scene.put(a, shard, "x")).toBe("unavailable");
  await scene.pass(1000);
  expect(a.told).toContain(`fenced ${shard}`);
  expect(await scene.put(a, shard, "x")).toBe("ok");
});

test("[S18] a node that drains finishes, flushes and lets the others have its shards at once", async () => {
  const { scene, a, b, shard } = await pair();
  const writes = Array.from({ length: 5 }, (_, i) => scene.put(a, shard, `x${i}`));
  a.record.draining = true;
  await scene.pass(50);
  const drained = a.owner.drain();
  await scene.pass(200);
  await drained;
  expect(await Promise.all(writes)).toEqual(writes.map(() => "ok"));
  expect(owned(a)).toEqual([]);
  const { log } = scene.logs[shard] as Cluster["logs"][number];
  await scene.pass(500);
  expect(owned(b)).toEqual(shards);
  // The fence of the next owner is all that there was to replay.
  const { first, last } = await log.ends();
  expect(last - first).toBeLessThanOrEqual(1);
  expect(a.told.filter((each) => each.startsWith("warned"))).toEqual([]);
});

test("[S18] a node that drains waits for a commit that the log is slow to answer", async () => {
  const { scene, a, shard } = await pair();
  const { log } = scene.logs[shard] as Cluster["logs"][number];
  const release = holdAppends(log);
  const write = scene.put(a, shard, "slow");
  await settle();
  let over = false;
  const drained = a.owner.drain().then(() => (over = true));
  await scene.pass(200);
  expect(over).toBe(false);
  expect(scene.leases.get(shard)?.node).toBe("a");
  release();
  expect(await write).toBe("ok");
  await drained;
  expect(await log.ends()).toMatchObject({ last: 2, first: 3 });
});

test("[I25] a shard with a hole in its log is an alarm, and stays closed", async () => {
  const scene = cluster();
  const { log, open } = scene.logs[2] as Cluster["logs"][number];
  await (await open({ shard: 2 })).commit([{ table: "users", key: ["u" as never], row: null }]);
  await log.purge(1);
  const a = scene.add("a");
  await scene.pass(3000);
  expect(a.told.filter((each) => each === "alarmed 2")).toHaveLength(1);
  expect(owned(a)).toEqual(shards.filter((shard) => shard !== 2));
  expect(await scene.put(a, 2, "x")).toBe("unavailable");
  expect(a.owner.failure()).toBeInstanceOf(Error);
});
