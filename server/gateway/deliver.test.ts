import { describe, expect, test } from "bun:test";
import { tellOwned } from "@damso/core/owner/moved";
import { placeOf } from "@damso/core/owner/place";
import { done, refuse } from "@damso/core/result";
import { EXCHANGE_MS, SILENCE_MS_MAX, TICK_MS } from "./bounds.ts";
import { ANN, BEN, CAT, device, event, FEED, openScene, page } from "./scene.testing.ts";
import type { FakeSocket, Scene } from "./scene.testing.ts";

const ann = device(ANN);
const revoke = (...numbers: number[]): never =>
  ({
    kind: "revoked",
    user_id: ANN,
    sessions: numbers.map((n) => device(ANN, n).session_id),
  }) as never;

describe("a revoked session", () => {
  test("[I17] its socket is closed with 4001 at once and gets nothing more; others stay", async () => {
    const scene = openScene();
    const [gone, stays] = [await scene.join(ann), await scene.join(device(ANN, 2))];
    scene.gateway.deliver([event(1, ANN), revoke(1), event(2, ANN)]);
    await scene.settle();
    expect(gone.closed?.code).toBe(4001);
    expect(gone.of("message").map((frame) => frame["pos"])).toEqual([1]);
    expect(stays.of("message")).toHaveLength(2);
    expect(scene.of("detach")).toMatchObject([{ session_id: ann.session_id, gone: true }]);
  });

  test("[I17] what its client sends behind that is not done, and answers on their way are not told", async () => {
    const scene = openScene();
    const held = scene.hold("sync");
    const socket = await scene.join(ann);
    socket.say({ type: "sync", id: 1, feed: { id: FEED, pos: 0 } });
    scene.gateway.deliver([revoke(1)]);
    socket.say({ type: "typing", channel: `d${ANN}.${BEN}` });
    await held.answer(done(page(3)));
    expect(socket.frames).toEqual([]);
    expect(scene.of("typing")).toEqual([]);
  });

  test("[I17] a socket that is still being attached is closed too, and detached as gone", async () => {
    const scene = openScene();
    const attach = scene.hold("attach");
    const socket = scene.connect();
    socket.say({ type: "hello", id: 1, token: ann.token });
    await scene.settle();
    await scene.deliver(revoke(1));
    expect(socket.closed?.code).toBe(4001);
    await attach.answer(done(page(0)));
    expect(socket.frames).toEqual([]);
    expect(scene.of("detach")).toMatchObject([{ gone: true }]);
  });
});

describe("the exchange", () => {
  test("[D20] every five seconds each attached user's home hears which sessions are here", async () => {
    const scene = openScene();
    const first = await scene.join(ann);
    await scene.join(device(ANN, 2), { active: false });
    await scene.join(device(BEN));
    first.say({ type: "ping", active: true });
    await scene.advance(EXCHANGE_MS);
    const told = scene.of("exchange");
    expect(told.map(({ user_id }) => user_id).sort()).toEqual([ANN, BEN]);
    expect(told.find(({ user_id }) => user_id === ANN)?.sessions).toMatchObject(
      [1, 2].map((n) => {
        const { session_id, device_id } = device(ANN, n);
        return { session_id, device_id, active: n === 1 };
      }),
    );
    await scene.advance(EXCHANGE_MS);
    expect(scene.of("exchange")).toHaveLength(4);
  });

  test("[D18] a socket that is behind its feed is told the head, once", async () => {
    const scene = openScene();
    const [behind, level] = [await scene.join(ann), await scene.join(device(BEN))];
    await scene.deliver(event(4, BEN));
    scene.on("exchange", () => done({ head: 4 }));
    await scene.advance(3 * EXCHANGE_MS);
    expect(behind.frames).toEqual([{ type: "head", pos: 4 }]);
    expect(level.of("head")).toEqual([]);
  });

  test("[D18] a device that just read a page up to the head is not told of it", async () => {
    const scene = openScene();
    const socket = await scene.join(ann);
    scene.on("sync", () => done(page(9)));
    scene.on("exchange", () => done({ head: 9 }));
    socket.say({ type: "sync", id: 1, feed: { id: FEED, pos: 9 } });
    await scene.advance(EXCHANGE_MS);
    expect(socket.of("head")).toEqual([]);
  });

  test("[I17] a session that the home names as ended is closed, the others stay", async () => {
    const scene = openScene();
    const [ended, other] = [await scene.join(device(ANN, 1)), await scene.join(device(ANN, 2))];
    const { session_id } = device(ANN, 1);
    scene.on("exchange", () => done({ head: 0, revoked: [session_id] }));
    await scene.advance(EXCHANGE_MS);
    expect(ended.closed?.code).toBe(4001);
    expect(other.closed).toBeUndefined();
  });

  test("[I20] a crowd that came at once is spread over the ticks", async () => {
    const scene = openScene();
    const users = Array.from(
      { length: 1000 },
      (_, n) => `1${String(n).padStart(18, "0")}` as never,
    );
    for (const user_id of users) await scene.join(device(user_id));
    let most = 0;
    for (let past = 0; past < 2 * EXCHANGE_MS; past += 250) {
      scene.requests.length = 0;
      await scene.advance(250);
      most = Math.max(most, scene.of("exchange").length);
    }
    expect(most).toBeLessThanOrEqual(100);
    expect(most).toBeGreaterThan(0);
  });

  test("[D20][I17] homes that have moved hear at once who is here, whoever else waits for his turn", async () => {
    const scene = openScene();
    const shards = 64;
    const there = placeOf(ANN, shards);
    expect(placeOf(BEN, shards)).not.toBe(there);
    for (const user_id of [BEN, ANN]) await scene.join(device(user_id));
    await scene.advance(EXCHANGE_MS / 2);
    scene.requests.length = 0;
    tellOwned(scene.bus, { shard: there, shards, tenure: "n1/1" });
    await scene.advance(TICK_MS);
    expect(scene.of("exchange").map(({ user_id }) => user_id)).toEqual([ANN]);
    // From then on in turns again.
    await scene.advance(EXCHANGE_MS - TICK_MS);
    expect(scene.of("exchange").map(({ user_id }) => user_id)).toEqual([ANN, BEN]);
  });

  test("[I17] sockets whose home is silent for a minute are closed with 4000", async () => {
    const scene = openScene();
    const socket = await scene.join(ann);
    scene.on("exchange", () => refuse("unavailable"));
    for (let past = 0; past < SILENCE_MS_MAX; past += 20_000) {
      socket.say({ type: "ping" });
      await scene.advance(20_000);
    }
    expect(socket.closed).toBeUndefined();
    await scene.advance(2000);
    expect(socket.closed?.code).toBe(4000);
    expect(scene.counters.bounds.silent).toBe(1);
  });

  test("[I17] the silence counts from when the home was asked, not from when its answer came", async () => {
    const scene = openScene({ silence_ms_max: 8000 });
    const socket = await scene.join(ann);
    const { answer } = scene.hold("exchange");
    await scene.advance(EXCHANGE_MS);
    await scene.advance(2500);
    scene.on("exchange", () => refuse("unavailable"));
    await answer(done({ head: 0 }));
    await scene.advance(4500);
    expect(socket.closed).toBeUndefined();
    await scene.advance(2500);
    expect(socket.closed?.code).toBe(4000);
  });

  const REFUSED = () => refuse("unavailable");
  /** A little less than a silence that nobody bears. */
  const nearly = async (scene: Scene, socket: FakeSocket, ms: number): Promise<void> => {
    for (let past = 0; past < ms; past += 1000) {
      socket.say({ type: "ping" });
      await scene.advance(1000);
    }
  };

  test("[I17] a gateway that stood still for longer than a home may be silent serves nothing, before its first tick too", async () => {
    const scene = openScene();
    const [asks, hears] = [await scene.join(ann), await scene.join(device(BEN))];
    const polled = scene.gateway.poll(device(CAT), { after: 0, wait_ms: 30_000 });
    await scene.settle();
    scene.requests.length = 0;
    scene.stand(SILENCE_MS_MAX + 1000);
    asks.say({ type: "sync", id: 1, feed: { id: FEED, pos: 0 } });
    await scene.deliver(event(1, BEN, CAT));
    expect([asks.frames, asks.closed?.code]).toEqual([[], 4000]);
    expect([hears.frames, hears.closed?.code]).toEqual([[], 4000]);
    expect(await polled).toMatchObject({ ok: true, value: { events: [] } });
    expect(scene.of("sync")).toEqual([]);
    expect(scene.counters.bounds.silent).toBe(2);
  });

  test("[I17] after a standstill every home is asked at once, also when only the time of day has gone on", async () => {
    const scene = openScene();
    const socket = await scene.join(ann);
    await scene.advance(EXCHANGE_MS);
    for (const stand of [scene.stand, scene.suspend]) {
      scene.requests.length = 0;
      stand(3000);
      await scene.advance(250);
      expect(scene.of("exchange")).toHaveLength(1);
    }
    await scene.advance(EXCHANGE_MS - 500);
    expect(scene.of("exchange")).toHaveLength(1);
    expect(socket.closed).toBeUndefined();
  });

  test("[I17] a time of day that jumps or stops makes no home silent and hides no silence", async () => {
    const scene = openScene({ silence_ms_max: 8000 });
    const socket = await scene.join(ann);
    scene.suspend(3_600_000);
    await scene.advance(250);
    expect(socket.closed).toBeUndefined();
    scene.on("exchange", REFUSED);
    for (let past = 0; past < 9000; past += 250) {
      scene.suspend(-250);
      await scene.advance(250);
    }
    expect(socket.closed?.code).toBe(4000);
  });

  test("[I17] what is attached while an older socket's home is silent has a time of its own", async () => {
    const scene = openScene({ silence_ms_max: 8000 });
    scene.on("exchange", REFUSED);
    const old = await scene.join(ann);
    await nearly(scene, old, 7000);
    const fresh = await scene.join(device(ANN, 2));
    const polled = scene.gateway.poll(device(ANN, 3), { after: 0, wait_ms: 30_000 });
    await nearly(scene, fresh, 3000);
    expect([old.closed?.code, fresh.closed]).toEqual([4000, undefined]);
    expect(scene.counters.bounds.silent).toBe(1);
    await nearly(scene, fresh, 6000);
    expect(fresh.closed?.code).toBe(4000);
    expect(await polled).toMatchObject({ ok: true });
    await scene.advance(2000);
    expect(scene.counters.bounds.silent).toBe(2);
  });

  test("[I17][I20] when many homes are silent at once, their sockets are closed a few hundred in a tick", async () => {
    const scene = openScene({ silence_ms_max: 8000 });
    scene.on("exchange", REFUSED);
    const users = Array.from(
      { length: 1200 },
      (_, n) => `1${String(n).padStart(18, "0")}` as never,
    );
    for (const user_id of users) await scene.join(device(user_id));
    let most = 0;
    for (let past = 0; past < 10_000; past += 250) {
      const before = scene.counters.bounds.silent;
      await scene.advance(250);
      most = Math.max(most, scene.counters.bounds.silent - before);
    }
    expect(most).toBe(500);
    expect(scene.counters.bounds.silent).toBe(1200);
  });
});
