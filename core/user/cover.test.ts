import { expect, test } from "bun:test";
import type { UserId } from "@damso/protocol/ids";
import { openScene } from "../shard/scene.testing.ts";
import { FEED_KEPT } from "./cover.ts";

test("[S7] a message costs its own rows and one feed row per member; the rest is written now and then", async () => {
  const scene = await openScene(2);
  const [ann, bob] = scene.people as [UserId, UserId];
  const channel = scene.direct(ann, bob);
  await scene.send(ann, channel, "first");
  const count = (table: string): number =>
    scene.store
      .dump()
      .split("\n")
      .filter((line) => line.startsWith(`${table} `)).length;
  for (let n = 0; n < 200; n++) await scene.send(ann, channel, "more");
  expect([count("messages"), count("sends"), count("feed"), count("user_channels")]).toEqual([
    201, 201, 404, 2,
  ]);
  const covered = scene.store.dump().match(/users \S+ \{"covered":(\d+)/g);
  expect(covered?.map((line) => Number(line.split(":")[1]))).toEqual([1, 1]);
});

test("[S8] the feed keeps 10,000 entries and 90 days, and an older cursor is told to reset", async () => {
  const scene = await openScene(2);
  const [ann, bob] = scene.people as [UserId, UserId];
  const channel = scene.direct(ann, bob);
  const { feed } = await scene.attach(bob);
  const total = FEED_KEPT.entries + 3000;
  for (let n = 0; n < total; n += 100) {
    if (n === 2000) scene.time.now += FEED_KEPT.ms + 1;
    await Promise.all(Array.from({ length: 100 }, () => scene.send(ann, channel, "x")));
  }
  const at = (pos: number) =>
    scene.must({ kind: "sync", user_id: bob, feed: { id: feed.id, pos }, limit: 1 });
  expect((await at(0)).reset).toBe(true);
  expect((await at(total - FEED_KEPT.entries)).events).toHaveLength(1);
  await scene.restart();
  expect((await at(total - FEED_KEPT.entries)).events).toHaveLength(1);
  expect((await scene.must({ kind: "own_channel", user_id: bob, channel })).unread).toBe(total);
}, 60_000);

test("[S8][D15] a feed that is trimmed while a page of it is read is a reset, and no alarm", async () => {
  const scene = await openScene(2);
  scene.feed_kept = { entries: 10, ms: 0, step: 5, cover_every: 5 };
  await scene.restart();
  const [ann, bob] = scene.people as [UserId, UserId];
  const channel = scene.direct(ann, bob);
  const { feed } = await scene.attach(bob);
  for (let n = 0; n < 10; n++) await scene.send(ann, channel, "x");
  const { range } = scene.store;
  let isArmed = false;
  scene.store.range = (async (table: "feed", at: Parameters<typeof range>[1]) => {
    // The page has been begun, and its entries go before they are read.
    if (table === "feed" && isArmed) {
      isArmed = false;
      for (let n = 0; n < 20; n++) await scene.send(ann, channel, "x");
    }
    return range(table, at);
  }) as typeof range;
  await scene.restart();
  await scene.send(ann, channel, "loaded");
  isArmed = true;
  const cursor = { id: feed.id, pos: 1 };
  const page = await scene.must({ kind: "sync", user_id: bob, feed: cursor });
  expect({ isArmed, reset: page.reset }).toEqual({ isArmed: false, reset: true });
  expect(scene.warnings).toEqual([]);
});

test("[S8] one cover deletes fewer entries than the ages are apart and covers are, however many are old", async () => {
  const scene = await openScene(2);
  const kept = { entries: 10, ms: 1000, step: 7, cover_every: 5 };
  scene.feed_kept = kept;
  await scene.restart();
  const [ann, bob] = scene.people as [UserId, UserId];
  const channel = scene.direct(ann, bob);
  const { commit } = scene.store;
  const deleted: number[] = [];
  scene.store.commit = (puts) => {
    const gone = puts.filter(({ table, key, row }) => {
      return table === "feed" && key[0] === bob && row === null;
    });
    if (gone.length > 0) deleted.push(gone.length);
    return commit(puts);
  };
  for (let n = 0; n < 100; n++) await scene.send(ann, channel, "x");
  expect(deleted).toEqual([]);
  scene.time.now += kept.ms;
  for (let n = 0; n < 100; n++) await scene.send(ann, channel, "x");
  expect(deleted.length).toBeGreaterThan(5);
  expect(Math.max(...deleted)).toBeLessThan(kept.step + kept.cover_every);
});
