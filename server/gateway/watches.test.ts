import { describe, expect, test } from "bun:test";
import { tellOwned } from "@damso/core/owner/moved";
import { placeOf } from "@damso/core/owner/place";
import { done, refuse } from "@damso/core/result";
import type { UserId } from "@damso/protocol/ids";
import { ALIVE_MS, BUFFER_SOFT_BYTES, TICK_MS, WATCH_LINGER_MS } from "./bounds.ts";
import { ANN, BEN, CAT, device, event, openScene } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";

const watch = (...users: UserId[]): object => ({ type: "watch", users });
const calls = (scene: Scene): unknown[] =>
  scene.of("watch").map(({ user_id, watcher, gateway, on }) => {
    expect(gateway).toBe("g1");
    return [user_id, watcher, on];
  });
const changed = (user_id: UserId, state: string, to: UserId = ANN): never =>
  ({
    kind: "frame",
    user_id: to,
    frame: JSON.stringify({ type: "presence", user_id, state }),
  }) as never;

describe("watching users", () => {
  test("[R4] a presence follows for each, and one for each change", async () => {
    const scene = openScene();
    scene.on("watch", ({ user_id }) => done({ user_id, state: "online" }));
    const socket = await scene.join(device(ANN));
    socket.say(watch(BEN, CAT));
    await scene.settle();
    expect(socket.frames).toEqual([
      { type: "presence", user_id: BEN, state: "online" },
      { type: "presence", user_id: CAT, state: "online" },
    ]);
    await scene.deliver(changed(BEN, "offline"));
    expect(socket.last()).toEqual({ type: "presence", user_id: BEN, state: "offline" });
  });

  test("[R4][D20] homes that have moved are told of the watches anew, and what is another state by then is told", async () => {
    const scene = openScene();
    scene.on("watch", ({ user_id }) => done({ user_id, state: "online" }));
    const socket = await scene.join(device(ANN));
    socket.say(watch(BEN, CAT));
    await scene.settle();
    await scene.deliver(changed(CAT, "offline"));
    socket.frames.length = 0;
    scene.requests.length = 0;
    const shards = 64;
    const there = [BEN, CAT].map((user_id) => placeOf(user_id, shards));
    expect(there).not.toContain(placeOf(ANN, shards));
    for (const shard of there) tellOwned(scene.bus, { shard, shards, tenure: "n2/1" });
    await scene.advance(2 * TICK_MS);
    expect(calls(scene)).toEqual([
      [BEN, ANN, true],
      [CAT, ANN, true],
    ]);
    expect(socket.frames).toEqual([{ type: "presence", user_id: CAT, state: "online" }]);
    // The same owner once more says nothing new.
    for (const shard of there) tellOwned(scene.bus, { shard, shards, tenure: "n2/1" });
    await scene.advance(2 * TICK_MS);
    expect(calls(scene)).toHaveLength(2);
  });

  test("[R4][I20] of very many watches some are placed in each tick, and in the end all", async () => {
    const scene = openScene();
    scene.on("watch", ({ user_id }) => done({ user_id, state: "offline" }));
    const users = (from: number): UserId[] =>
      Array.from({ length: 200 }, (_, n) => `1${String(from + n).padStart(18, "0")}` as UserId);
    for (let n = 0; n < 10; n++) {
      const socket = await scene.join(device(ANN, n + 1));
      socket.say(watch(...users(1000 + n * 200)));
    }
    await scene.settle();
    expect(scene.counters.watches).toBe(2000);
    scene.requests.length = 0;
    tellOwned(scene.bus, { shard: 0, shards: 1, tenure: "n2/1" });
    await scene.advance(TICK_MS);
    expect(scene.of("watch").length).toBeLessThanOrEqual(500);
    // One that moves meanwhile is not forgotten.
    tellOwned(scene.bus, { shard: 0, shards: 1, tenure: "n3/1" });
    await scene.advance(10 * TICK_MS);
    const placed = new Set(scene.of("watch").map(({ user_id }) => user_id));
    expect(placed.size).toBe(2000);
  });

  test("[R10] every shard hears in time that this gateway lives, whoever is here", async () => {
    const scene = openScene();
    for (const shards of [1, 7, 64]) {
      tellOwned(scene.bus, { shard: 0, shards, tenure: `n${shards}/1` });
      await scene.advance(TICK_MS);
      scene.requests.length = 0;
      await scene.advance(ALIVE_MS);
      const told = scene.of("alive").map(({ shard, gateway }) => `${gateway} ${shard}`);
      expect(new Set(told)).toEqual(new Set(Array.from({ length: shards }, (_, n) => `g1 ${n}`)));
      expect(told.length).toBeLessThanOrEqual(Math.max(shards + 32, ALIVE_MS / 1000));
    }
  });

  test("[R10][I23] a shard that has forgotten what is watched there is told of it anew", async () => {
    const scene = openScene();
    let since = 1;
    scene.on("alive", () => done({ since }));
    scene.on("watch", ({ user_id }) => done({ user_id, state: "online" }));
    const socket = await scene.join(device(ANN));
    socket.say(watch(BEN));
    await scene.advance(5000);
    expect(calls(scene)).toEqual([[BEN, ANN, true]]);
    since = 2;
    await scene.advance(5000);
    expect(calls(scene)).toEqual([
      [BEN, ANN, true],
      [BEN, ANN, true],
    ]);
    // What nobody could say at first may have been missed.
    const late = openScene();
    late.on("alive", () => refuse("unavailable"));
    const other = await late.join(device(ANN));
    other.say(watch(BEN));
    await late.advance(5000);
    late.on("alive", () => done({ since: 9 }));
    await late.advance(5000);
    expect(calls(late)).toHaveLength(2);
  });

  test("[R10][R4] a home that tells of somebody whom nobody here watches is asked to stop", async () => {
    const scene = openScene();
    const socket = await scene.join(device(ANN));
    const held = scene.hold("watch");
    await scene.deliver(changed(BEN, "online"));
    expect(calls(scene)).toEqual([[BEN, ANN, false]]);
    // Who begins to watch meanwhile is watched in the end, in whichever order both arrive.
    socket.say(watch(BEN));
    await scene.settle();
    await held.answer(done({ user_id: BEN, state: "offline" }));
    await scene.settle();
    expect(calls(scene).at(-1)).toEqual([BEN, ANN, true]);
    expect(calls(scene)).toHaveLength(3);
  });

  test("[R4] a new set replaces the old; nothing more comes of those that are not in it", async () => {
    const scene = openScene();
    const socket = await scene.join(device(ANN));
    socket.say(watch(BEN));
    await scene.advance(1000);
    socket.say(watch(CAT));
    await scene.settle();
    socket.frames.length = 0;
    await scene.deliver(changed(BEN, "online"), changed(CAT, "online"));
    expect(socket.frames.map((frame) => frame["user_id"])).toEqual([CAT]);
    await scene.advance(WATCH_LINGER_MS + 1000);
    expect(calls(scene)).toEqual([
      [BEN, ANN, true],
      [CAT, ANN, true],
      [BEN, ANN, false],
    ]);
    expect(scene.counters.watches).toBe(1);
  });

  test("[R4] a home is told of a watcher once, and again when the last of his sockets is gone", async () => {
    const scene = openScene();
    const [one, two] = [await scene.join(device(ANN)), await scene.join(device(ANN, 2))];
    one.say(watch(BEN));
    two.say(watch(BEN));
    await scene.settle();
    await scene.deliver(changed(BEN, "online"));
    expect([one.of("presence").at(-1), two.of("presence").at(-1)]).toMatchObject([
      { state: "online" },
      { state: "online" },
    ]);
    one.leave();
    await scene.advance(WATCH_LINGER_MS + 1000);
    expect(scene.of("watch").filter(({ on }) => !on)).toEqual([]);
    two.leave();
    await scene.advance(WATCH_LINGER_MS + 1000);
    expect(scene.of("watch").filter(({ on }) => !on)).toHaveLength(1);
    expect(scene.counters.watches).toBe(0);
  });

  test("[R4] a user who comes back to the screen soon stays watched", async () => {
    const scene = openScene();
    const socket = await scene.join(device(ANN));
    socket.say(watch(BEN));
    await scene.advance(1000);
    socket.say(watch());
    await scene.advance(1000);
    socket.say(watch(BEN));
    await scene.advance(WATCH_LINGER_MS + 2000);
    expect(scene.of("watch").filter(({ on }) => !on)).toEqual([]);
  });

  test("[I20] a set that changes all the time is applied twice a second, the last one", async () => {
    const scene = openScene();
    const socket = await scene.join(device(ANN));
    for (let n = 0; n < 20; n++) socket.say(watch(n % 2 === 0 ? BEN : CAT));
    await scene.settle();
    expect(calls(scene)).toEqual([[BEN, ANN, true]]);
    await scene.advance(500);
    expect(calls(scene)).toEqual([
      [BEN, ANN, true],
      [CAT, ANN, true],
    ]);
  });

  test("[I20] a large set makes the next one wait, by how many users it has", async () => {
    const scene = openScene();
    const socket = await scene.join(device(ANN));
    const many = Array.from({ length: 200 }, (_, n) => String(BigInt(CAT) + BigInt(n)) as UserId);
    socket.say(watch(...many));
    socket.say(watch(BEN));
    await scene.advance(1500);
    expect(calls(scene)).toHaveLength(200);
    await scene.advance(1000);
    expect(calls(scene).at(-1)).toEqual([BEN, ANN, true]);
  });

  test("[I23] an answer that is older than a change on its way is not told", async () => {
    const scene = openScene();
    const held = scene.hold("watch");
    const socket = await scene.join(device(ANN));
    socket.say(watch(BEN));
    await scene.settle();
    await scene.deliver(changed(BEN, "online"));
    await held.answer(done({ user_id: BEN, state: "offline" }));
    expect(socket.of("presence").map((frame) => frame["state"])).toEqual(["online"]);
  });

  test("[I23] a watch that no home took is placed again", async () => {
    const scene = openScene();
    scene.on("watch", () => refuse("unavailable"));
    const socket = await scene.join(device(ANN));
    socket.say(watch(BEN));
    await scene.settle();
    expect(socket.frames).toEqual([]);
    scene.on("watch", ({ user_id }) => done({ user_id, state: "online" }));
    await scene.advance(1000);
    expect(socket.of("presence")).toMatchObject([{ user_id: BEN, state: "online" }]);
  });

  test("[I23] a socket that lagged learns the present state when it has drained", async () => {
    const scene = openScene();
    const socket = await scene.join(device(ANN));
    socket.say(watch(BEN));
    await scene.settle();
    socket.waiting = BUFFER_SOFT_BYTES + 1;
    await scene.deliver(event(1, ANN));
    scene.on("watch", ({ user_id }) => done({ user_id, state: "online" }));
    await scene.deliver(changed(BEN, "online"));
    expect(socket.of("presence").at(-1)).toMatchObject({ state: "offline" });
    expect(scene.counters.bounds.ephemeral_shed).toBe(1);
    socket.drain();
    await scene.advance(1000);
    expect(socket.of("presence").at(-1)).toMatchObject({ state: "online" });
  });
});
