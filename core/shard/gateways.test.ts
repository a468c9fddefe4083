import { expect, test } from "bun:test";
import type { UserId } from "@damso/protocol/ids";
import { SILENT_TICKS_MAX } from "./gateways.ts";
import { device, frames, later, people } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";

const TICK_MS = 500;
/** Long enough for a gateway that says nothing to be forgotten everywhere. */
async function wait(scene: Scene, each: () => Promise<unknown> = async () => {}): Promise<void> {
  for (let n = 0; n < SILENT_TICKS_MAX + 8; n++) {
    await later(scene, TICK_MS);
    if (n % 60 === 0) await each();
  }
}

const watch = (user_id: UserId, watcher: UserId, gateway: string) =>
  ({ kind: "watch", user_id, gateway, watcher, on: true }) as const;

test("[R10][I20] what a gateway that is silent watches is forgotten, and the home with it", async () => {
  const { scene, ann, bob, eve } = await people();
  await scene.must(watch(bob, ann, "g7"));
  await scene.must(watch(bob, eve, "g7"));
  await later(scene, 60_000);
  expect(scene.shard.sizes().homes).toBe(1);
  await wait(scene);
  expect(scene.shard.sizes().homes).toBe(0);
  await scene.attach(bob);
  expect(frames(scene)).toEqual([]);
});

test("[R10][R4] what a gateway watches that says that it lives is kept, beside one that is gone", async () => {
  const { scene, ann, bob, eve } = await people();
  const alive = { kind: "alive" as const, shard: 0, gateway: "g7" };
  const { since } = await scene.must(alive);
  await scene.must(watch(bob, ann, "g7"));
  await scene.must(watch(bob, ann, "g8"));
  await scene.must(watch(bob, eve, "g8"));
  await wait(scene, async () => expect((await scene.must(alive)).since).toBe(since));
  await scene.attach(bob);
  expect(scene.items).toMatchObject([{ kind: "frame", user_id: ann }]);
});

test("[R10] who exchanges words about its users lives too", async () => {
  const { scene, ann, bob } = await people();
  await scene.must(watch(bob, ann, "g0"));
  const { gateway, ...session } = device(ann, 0);
  const sessions = [{ ...session, active: false }];
  await wait(scene, () => scene.must({ kind: "exchange", user_id: ann, gateway, sessions }));
  await scene.attach(bob);
  expect(frames(scene)).toMatchObject([{ user_id: bob, state: "online" }]);
});

test("[R10] a gateway that was taken for gone is told that what it watches was forgotten", async () => {
  const { scene } = await people();
  const alive = { kind: "alive" as const, shard: 0, gateway: "g7" };
  const { since } = await scene.must(alive);
  await wait(scene);
  expect((await scene.must(alive)).since).not.toBe(since);
  expect(await scene.ask({ ...alive, shard: 3 })).toMatchObject({ ok: false });
});
