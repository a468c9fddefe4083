/** A server's clock is put back: by an operator, or by time service after a start with a wrong one. */
import { expect, test } from "bun:test";
import { later, people } from "./scene.testing.ts";

const HOUR_MS = 3_600_000;

test("[I21][S4] a failed store is opened again soon, though the clock was put back meanwhile", async () => {
  const { scene, ann, bob } = await people();
  const channel = scene.direct(ann, bob);
  scene.store.fail(false);
  expect((await scene.send(ann, channel, "lost")).ok).toBe(false);
  scene.time.now -= HOUR_MS;
  await later(scene, 3000);
  expect(scene.shard.failure()).toBeUndefined();
  expect((await scene.send(ann, channel, "kept")).ok).toBe(true);
});

test("[I14] a push that seems due far ahead, because the clock was put back, comes within its usual time", async () => {
  for (const goesOn of [true, false]) {
    const { scene, ann, bob } = await people();
    Object.assign(scene.profiles.get(bob) as object, { has_push: true });
    await later(scene, 1000);
    await scene.send(ann, scene.direct(ann, bob), "hello");
    await later(scene, 1000);
    scene.time.now -= HOUR_MS;
    if (!goesOn) await scene.restart();
    await later(scene, 3000);
    expect(scene.pushes).toMatchObject([{ user_id: bob, seq: 1 }]);
  }
});

test("[R5] receipts go on to be told after the clock was put back", async () => {
  const { scene, ann, bob } = await people();
  const channel = scene.direct(ann, bob);
  for (const body of ["one", "two"]) await scene.send(ann, channel, body);
  await scene.must({ kind: "read", user_id: bob, channel, seq: 1 });
  scene.time.now -= HOUR_MS;
  await scene.must({ kind: "read", user_id: bob, channel, seq: 2 });
  await later(scene, 1000);
  const told = scene.topics.map(({ frame }) => JSON.parse(frame.frame) as { read: number });
  expect(told.map(({ read }) => read)).toEqual([1, 2]);
});
