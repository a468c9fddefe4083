import { expect, test } from "bun:test";
import { createFakeStore } from "@damso/contracts/fakes/shard-store";
import { openScene } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";

/** Two people on a store that notes where reads of `pushes` began, oldest first. */
async function people(): Promise<{ scene: Scene; begun: number[] }> {
  const begun: number[] = [];
  const store = createFakeStore();
  const { range } = store;
  store.range = (table, query, signal) => {
    if (table === "pushes") begun.push(Number(query.from ?? 0));
    return range(table, query, signal);
  };
  const scene = await openScene(2, store);
  for (const profile of scene.profiles.values()) profile.has_push = true;
  return { scene, begun };
}

async function elapse(scene: Scene, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1000) {
    scene.time.now += 1000;
    await scene.shard.tick();
    await Bun.sleep(0);
  }
}

async function pushed(scene: Scene): Promise<void> {
  const [ann, ben] = scene.people as [never, never];
  await scene.send(ann, scene.direct(ann, ben), "hello");
  await elapse(scene, 4000);
}

test("[S9] reads of pushes begin behind those that are gone, also after a restart", async () => {
  const { scene, begun } = await people();
  for (let n = 0; n < 20; n++) await pushed(scene);
  expect(scene.pushes).toHaveLength(20);
  expect(begun.at(-1)).toBeGreaterThan(scene.time.now - 10_000);
  await scene.restart();
  begun.length = 0;
  await pushed(scene);
  expect(begun[0]).toBeGreaterThan(scene.time.now - 90_000);
  expect(scene.pushes).toHaveLength(21);
});

test("[I14] a push that is due before all others, because the clock was put back, is sent, also after a restart", async () => {
  const { scene } = await people();
  for (let n = 0; n < 20; n++) await pushed(scene);
  const [ann, ben] = scene.people as [never, never];
  scene.time.now -= 600_000;
  await scene.send(ann, scene.direct(ann, ben), "earlier");
  await scene.restart();
  await elapse(scene, 15_000);
  expect(scene.pushes).toHaveLength(21);
});
