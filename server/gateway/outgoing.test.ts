import { describe, expect, test } from "bun:test";
import { done } from "@damso/core/result";
import { BUFFER_HARD_BYTES, BUFFER_SOFT_BYTES, LAGGING_MS_MAX } from "./bounds.ts";
import { ANN, BEN, device, DIRECT, event, FEED, openScene, page } from "./scene.testing.ts";
import type { FakeSocket, Scene } from "./scene.testing.ts";

const ann = device(ANN);
const sync = { type: "sync", id: 1, feed: { id: FEED, pos: 0 } };

async function joined(): Promise<{ scene: Scene; socket: FakeSocket }> {
  const scene = openScene();
  return { scene, socket: await scene.join(ann) };
}

/** The peer stops reading: after the next write the buffer is above the soft limit. */
async function lag(scene: Scene, socket: FakeSocket): Promise<void> {
  socket.waiting = BUFFER_SOFT_BYTES + 1;
  await scene.deliver(event(1, ANN));
  socket.frames.length = 0;
}

describe("live events", () => {
  test("[D16] go to every socket of each recipient, with the shared part and its own", async () => {
    const scene = openScene();
    const sockets = [
      await scene.join(ann),
      await scene.join(device(ANN, 2)),
      await scene.join(device(BEN)),
    ];
    await scene.deliver({
      kind: "event",
      type: "message",
      shared: `,"channel":"${DIRECT}","message":{"seq":3}`,
      to: [
        { user_id: ANN, pos: 7, tail: ',"unread":1,"unread_mentions":0}' },
        { user_id: BEN, pos: 9, tail: ',"unread":0,"unread_mentions":0}' },
        { user_id: "1000000000000000099" as never, pos: 1, tail: "}" },
      ],
    });
    const frame = { type: "message", channel: DIRECT, message: { seq: 3 }, unread_mentions: 0 };
    const [one, two, three] = sockets.map((socket) => socket.frames as object[]);
    expect(one).toEqual([{ ...frame, pos: 7, unread: 1 }]);
    expect(two).toEqual([{ ...frame, pos: 7, unread: 1 }]);
    expect(three).toEqual([{ ...frame, pos: 9, unread: 0 }]);
  });

  test("[D16] keep their order on a socket, also across turns", async () => {
    const { scene, socket } = await joined();
    scene.gateway.deliver([event(1, ANN), event(2, ANN)]);
    scene.gateway.deliver([event(3, ANN)]);
    await scene.settle();
    await scene.deliver(event(4, ANN));
    expect(socket.frames.map((frame) => frame["pos"])).toEqual([1, 2, 3, 4]);
    expect(socket.writes).toBe(2);
  });

  test("[D16] one that was overtaken on the bus is not written behind a later one", async () => {
    const { scene, socket } = await joined();
    await scene.deliver(event(1, ANN));
    await scene.deliver(event(3, ANN));
    await scene.deliver(event(2, ANN), event(3, ANN), event(4, ANN));
    expect(socket.frames.map((frame) => frame["pos"])).toEqual([1, 3, 4]);
  });
});

describe("a socket that does not drain", () => {
  test("[D18] gets no more events, and one head when it has drained", async () => {
    const { scene, socket } = await joined();
    await lag(scene, socket);
    expect(scene.counters.lagging).toBe(1);
    for (let pos = 2; pos <= 50; pos++) await scene.deliver(event(pos, ANN));
    expect(socket.frames).toEqual([]);
    socket.drain();
    await scene.settle();
    expect(socket.frames).toEqual([{ type: "head", pos: 50 }]);
    expect(scene.counters.lagging).toBe(0);
    await scene.deliver(event(51, ANN));
    expect(socket.last()).toMatchObject({ type: "message", pos: 51 });
  });

  test("[D18] that drains without having missed anything is told nothing", async () => {
    const { scene, socket } = await joined();
    await lag(scene, socket);
    socket.drain();
    await scene.settle();
    expect(socket.frames).toEqual([]);
  });

  test("[D18] stays lagging until half of the limit is free", async () => {
    const { scene, socket } = await joined();
    await lag(scene, socket);
    await scene.deliver(event(2, ANN));
    socket.waiting = BUFFER_SOFT_BYTES - 1;
    scene.gateway.drained(socket.connection);
    await scene.settle();
    expect(socket.frames).toEqual([]);
    socket.waiting = BUFFER_SOFT_BYTES / 2;
    scene.gateway.drained(socket.connection);
    await scene.settle();
    expect(socket.frames).toEqual([{ type: "head", pos: 2 }]);
  });

  test("[D18] still gets its replies", async () => {
    const { scene, socket } = await joined();
    await lag(scene, socket);
    socket.say({ type: "ping", id: 3 });
    await scene.settle();
    expect(socket.frames).toEqual([{ type: "pong", id: 3 }]);
  });

  test("[D18] a burst in one turn counts before it is written", async () => {
    const { scene, socket } = await joined();
    const big = event(0, ANN);
    for (let pos = 1; pos <= 100; pos++) {
      scene.gateway.deliver([
        {
          ...big,
          shared: `,"pad":"${"x".repeat(10_000)}"`,
          to: [{ user_id: ANN, pos, tail: "}" }],
        } as never,
      ]);
    }
    await scene.settle();
    const events = socket.of("message").length;
    expect(events).toBeLessThan(30);
    expect(socket.last()).toEqual({ type: "head", pos: 100 });
    expect(scene.counters.lagging).toBe(0);
  });

  test("[D18] for a minute is closed with 4008", async () => {
    const { scene, socket } = await joined();
    await lag(scene, socket);
    for (let past = 0; past < LAGGING_MS_MAX + 2000; past += 20_000) {
      expect(socket.closed).toBeUndefined();
      socket.say({ type: "ping" });
      await scene.advance(20_000);
    }
    await scene.advance(3000);
    expect(socket.closed?.code).toBe(4008);
    expect(scene.counters.bounds.slow_consumer).toBe(1);
    expect(scene.counters.lagging).toBe(0);
  });

  test("[I20] with replies piling up above the hard limit is closed with 4008 at once", async () => {
    const { scene, socket } = await joined();
    socket.waiting = BUFFER_HARD_BYTES + 1;
    socket.say({ type: "ping", id: 1 });
    await scene.settle();
    expect(socket.closed?.code).toBe(4008);
  });

  test("[I20] closed, and still not reading, is cut off after a few seconds", async () => {
    const { scene, socket } = await joined();
    socket.waiting = BUFFER_HARD_BYTES + 1;
    socket.say({ type: "ping", id: 1 });
    await scene.advance(4000);
    expect(socket.terminated).toBe(false);
    await scene.advance(2000);
    expect(socket.terminated).toBe(true);
  });

  test("[I20] replies of one turn count too", async () => {
    const { scene, socket } = await joined();
    scene.on("sync", () => done({ ...page(1), pad: "x".repeat(BUFFER_HARD_BYTES) } as never));
    socket.say(sync);
    await scene.settle();
    expect(socket.closed?.code).toBe(4008);
    expect(socket.frames).toEqual([]);
  });
});
