import { describe, expect, test } from "bun:test";
import { done, refuse } from "@damso/core/result";
import { EXCHANGE_MS, HELD_EVENTS_MAX } from "./bounds.ts";
import { ANN, BEN, device, errorOf, event, FEED, openScene, page } from "./scene.testing.ts";
import type { FakeSocket } from "./scene.testing.ts";

const ann = device(ANN);
const hello = (token = ann.token, more: object = {}): object => ({
  type: "hello",
  id: 1,
  token,
  ...more,
});
const positions = (socket: FakeSocket): unknown[] =>
  socket.of("message").map((frame) => frame["pos"]);
const message = (pos: number): never =>
  ({ type: "message_hidden", pos, channel: "", seq: 1, unread: 0, unread_mentions: 0 }) as never;

describe("hello", () => {
  test("[P15] welcome says who this is, the feed, the missed events, heartbeat and limits", async () => {
    const scene = openScene();
    scene.on("attach", () => done(page(5, [message(4), message(5)])));
    const socket = scene.connect();
    socket.say(hello(ann.token, { feed: { id: FEED, pos: 3 }, active: false }));
    await scene.settle();
    const { token: _token, ...who } = ann;
    expect(socket.frames).toEqual([
      {
        type: "welcome",
        id: 1,
        ...who,
        feed: { id: FEED, head: 5 },
        events: [message(4), message(5)],
        more: false,
        heartbeat_ms: 30_000,
        limits: expect.objectContaining({ body_code_points_max: 100_000, sends_burst: 60 }),
      },
    ]);
    expect(scene.of("attach")).toEqual([
      {
        kind: "attach",
        ...who,
        gateway: "g1",
        feed: { id: FEED, pos: 3 },
        active: false,
        socket: { serial: 1, since: scene.time() },
      },
    ]);
  });

  test("[P15] without a hello in 5 s the socket is closed with 4002", async () => {
    const scene = openScene();
    const socket = scene.connect();
    await scene.advance(4500);
    expect(socket.closed).toBeUndefined();
    await scene.advance(1000);
    expect(socket.closed?.code).toBe(4002);
  });

  test("[P15] a first frame that is no hello gets an error and 4002", async () => {
    const scene = openScene();
    for (const first of [
      { type: "ping", id: 3 },
      { type: "nonsense", id: 3 },
      { type: "hello", id: 3, token: 5 },
      "{not json",
      "[]",
      '"hello"',
      { type: "hello" },
    ]) {
      const socket = scene.connect();
      socket.say(first);
      await scene.settle();
      expect(socket.closed?.code).toBe(4002);
      const answered = typeof first === "object" && "id" in first;
      expect(socket.frames.map((frame) => frame.type)).toEqual(answered ? ["error"] : []);
    }
    expect(scene.requests).toEqual([]);
  });

  test("[P15] a hello above 4 KiB is closed with 4002 and not looked at", async () => {
    const scene = openScene();
    const fits = scene.connect();
    const size = JSON.stringify(hello(ann.token, { client: "x", pad: "" })).length;
    fits.say(hello(ann.token, { client: "x", pad: "p".repeat(4096 - size) }));
    const over = scene.connect();
    over.say(hello(ann.token, { client: "x", pad: "p".repeat(4097 - size) }));
    await scene.settle();
    expect(fits.last()?.type).toBe("welcome");
    expect(over.closed?.code).toBe(4002);
  });

  test("[P15] a wrong, missing or revoked token: unauthenticated, then 4002", async () => {
    const scene = openScene();
    scene.revoked.add(device(BEN).session_id);
    for (const token of ["wrong", undefined, device(BEN).token]) {
      const socket = scene.connect();
      socket.say({ type: "hello", id: 9, token });
      await scene.settle();
      expect(errorOf(socket, 9)).toBe("unauthenticated");
      expect(socket.closed?.code).toBe(4002);
    }
  });

  test("[P15] the cookie's token counts when the hello has none", async () => {
    const scene = openScene();
    const socket = scene.connect({ token: ann.token });
    socket.say({ type: "hello", id: 1 });
    await scene.settle();
    expect(socket.last()).toMatchObject({ type: "welcome", user_id: ANN });
  });

  test("[P12] when nobody can tell now, the error says so and the close is one to come back from", async () => {
    const scene = openScene();
    const broken = scene.connect();
    broken.say(hello("broken"));
    scene.on("attach", () => refuse("busy", undefined, 500));
    const busy = scene.connect();
    busy.say(hello());
    await scene.settle();
    expect(errorOf(broken, 1)).toBe("unavailable");
    expect(broken.closed?.code).toBe(1013);
    expect(busy.last()).toMatchObject({ type: "error", code: "busy", retry_after_ms: 500 });
    expect(busy.closed?.code).toBe(1013);
  });

  test("[P11] a second hello is refused and the socket stays", async () => {
    const scene = openScene();
    const socket = await scene.join(ann);
    socket.say(hello());
    await scene.settle();
    expect(errorOf(socket, 1)).toBe("invalid");
    expect(socket.closed).toBeUndefined();
  });

  test("[I17] a session revoked between token check and attach gets no welcome", async () => {
    const scene = openScene();
    const attach = scene.hold("attach");
    const socket = scene.connect();
    socket.say(hello());
    await scene.settle();
    scene.revoked.add(ann.session_id);
    await attach.answer(done(page(7)));
    expect(errorOf(socket, 1)).toBe("unauthenticated");
    expect(socket.closed?.code).toBe(4002);
    expect(scene.of("detach")).toHaveLength(1);
  });
});

describe("events that arrive before the welcome", () => {
  test("[I2] are held; those that the page covers are dropped, the rest follow in order", async () => {
    const scene = openScene();
    const attach = scene.hold("attach");
    const socket = scene.connect();
    socket.say(hello(ann.token, { feed: { id: FEED, pos: 3 } }));
    await scene.settle();
    await scene.deliver(event(4, ANN), event(5, ANN));
    await scene.deliver(event(6, ANN), event(7, ANN));
    expect(socket.frames).toEqual([]);
    await attach.answer(done(page(5, [message(4), message(5)])));
    expect(socket.frames.map((frame) => frame.type)).toEqual(["welcome", "message", "message"]);
    expect(positions(socket)).toEqual([6, 7]);
  });

  test("[D15] after a reset those up to the head are dropped", async () => {
    const scene = openScene();
    const attach = scene.hold("attach");
    const socket = scene.connect();
    socket.say(hello(ann.token, { feed: { id: "old", pos: 99 } }));
    await scene.settle();
    await scene.deliver(event(8, ANN), event(9, ANN));
    await attach.answer(done({ ...page(8), reset: true }));
    expect(socket.frames[0]).toMatchObject({ type: "welcome", reset: true, feed: { head: 8 } });
    expect(positions(socket)).toEqual([9]);
  });

  test("[I2] a page that does not reach the head does not hide what follows it", async () => {
    const scene = openScene();
    const attach = scene.hold("attach");
    const socket = scene.connect();
    socket.say(hello(ann.token, { feed: { id: FEED, pos: 3 } }));
    await scene.settle();
    await scene.deliver(event(600, ANN));
    await attach.answer(done({ ...page(600, [message(4)]), more: true }));
    expect(positions(socket)).toEqual([600]);
  });

  test("[I20] too many of them become one head behind the welcome", async () => {
    const scene = openScene();
    const attach = scene.hold("attach");
    const socket = scene.connect();
    socket.say(hello());
    await scene.settle();
    for (let pos = 1; pos <= HELD_EVENTS_MAX + 10; pos++) scene.gateway.deliver([event(pos, ANN)]);
    await attach.answer(done(page(0)));
    expect(socket.frames.map((frame) => frame.type)).toEqual(["welcome", "head"]);
    expect(socket.last()).toEqual({ type: "head", pos: HELD_EVENTS_MAX + 10 });
    expect(scene.counters.bounds.held).toBe(1);
  });
});

describe("frames that a client sends behind its hello", () => {
  test("are handled after the welcome, in order", async () => {
    const scene = openScene();
    const attach = scene.hold("attach");
    const socket = scene.connect();
    socket.say(hello());
    socket.say({ type: "ping", id: 2 });
    socket.say({ type: "close", id: 3, channel: `d${ANN}.${BEN}` });
    await scene.settle();
    await attach.answer(done(page(0)));
    expect(socket.frames.map((frame) => frame.type)).toEqual(["welcome", "pong", "ok"]);
  });

  test("[I20] beyond the bound they are refused with busy", async () => {
    const scene = openScene();
    scene.hold("attach");
    const socket = scene.connect();
    socket.say(hello());
    for (let id = 2; id < 200; id++) socket.say({ type: "ping", id });
    await scene.settle();
    expect(socket.of("error")).toHaveLength(198 - 64);
    expect(errorOf(socket, 199)).toBe("busy");
  });
});

describe("one socket a device", () => {
  test("[P12] a newer one closes the older with 4009 before its welcome, and the home keeps the session", async () => {
    const scene = openScene();
    const older = await scene.join(ann);
    const other = await scene.join(device(ANN, 2));
    const attach = scene.hold("attach");
    const newer = scene.connect();
    newer.say(hello());
    await scene.settle();
    expect(older.closed).toBeUndefined();
    await attach.answer(done(page(0)));
    expect(older.closed?.code).toBe(4009);
    expect(newer.last()?.type).toBe("welcome");
    expect(other.closed).toBeUndefined();
    expect(scene.of("detach")).toEqual([]);
    await scene.deliver(event(1, ANN));
    expect(positions(newer)).toEqual([1]);
  });

  test("[P12] of two that race the newer stays, whichever is answered first", async () => {
    const scene = openScene();
    const attach = scene.hold("attach");
    const [older, newer] = [scene.connect(), scene.connect()];
    // The older says hello last, so its answer comes last.
    newer.say(hello());
    await scene.settle();
    older.say(hello());
    await scene.settle();
    await attach.answer(done(page(0)));
    await attach.answer(done(page(0)));
    expect(older.closed?.code).toBe(4009);
    expect(newer.closed).toBeUndefined();
    expect(newer.last()?.type).toBe("welcome");
  });
});

describe("one socket a device, at two gateways", () => {
  const { user_id, device_id } = ann;
  const replaced = (serial: number) => ({ kind: "replaced", user_id, device_id, serial }) as const;

  test("[X6] the older is closed with 4009 when the home says that there is a newer one elsewhere", async () => {
    const scene = openScene();
    const older = await scene.join(ann);
    const other = await scene.join(device(ANN, 2));
    const [serial = 0] = scene.of("attach").map(({ socket }) => socket?.serial);
    await scene.deliver(replaced(serial));
    expect(older.closed?.code).toBe(4009);
    expect(other.closed).toBeUndefined();
    expect(scene.of("detach")).toMatchObject([{ device_id }]);
  });

  test("[X6] one that came back since then stays", async () => {
    const scene = openScene();
    (await scene.join(ann)).leave();
    const [serial = 0] = scene.of("attach").map(({ socket }) => socket?.serial);
    const back = await scene.join(ann);
    await scene.deliver(replaced(serial));
    expect(back.closed).toBeUndefined();
  });

  test("[X6] one that is still being attached gets no welcome", async () => {
    const scene = openScene();
    const attach = scene.hold("attach");
    const socket = scene.connect();
    socket.say(hello());
    await scene.settle();
    const [serial = 0] = scene.of("attach").map(({ socket: mark }) => mark?.serial);
    await scene.deliver(replaced(serial));
    await attach.answer(done(page(0)));
    expect(socket.closed?.code).toBe(4009);
    expect(socket.frames).toEqual([]);
    expect(scene.of("detach")).toMatchObject([{ device_id }]);
  });

  test("[X6] a home that has forgotten hears of sockets with the regular word, and of polls as such", async () => {
    const scene = openScene();
    await scene.join(ann);
    const { token: _token, ...who } = device(ANN, 2);
    void scene.gateway.poll(who, { after: 0, wait_ms: 20_000 });
    await scene.advance(EXCHANGE_MS + 1000);
    const [told] = scene.of("exchange");
    const marks = told?.sessions.map((one) => [one.device_id, one.socket?.serial]);
    expect(marks).toContainEqual([device_id, 1]);
    expect(marks).toContainEqual([who.device_id, undefined]);
    expect(scene.of("attach")[1]).not.toHaveProperty("socket");
  });
});

describe("leaving", () => {
  test("[R2] the home is told when the last socket of a session goes", async () => {
    const scene = openScene();
    const socket = await scene.join(ann);
    socket.leave();
    await scene.settle();
    const { token: _token, ...who } = ann;
    expect(scene.of("detach")).toEqual([{ kind: "detach", ...who, gateway: "g1" }]);
  });

  test("[R2] a socket that goes while it is being attached is detached when that is done", async () => {
    const scene = openScene();
    const attach = scene.hold("attach");
    const socket = scene.connect();
    socket.say(hello());
    await scene.settle();
    socket.leave();
    await scene.settle();
    expect(scene.of("detach")).toEqual([]);
    await attach.answer(done(page(0)));
    expect(scene.of("detach")).toHaveLength(1);
    expect(scene.counters.connections).toBe(0);
  });

  test("[I20] a hello that nobody answers ends after half a minute", async () => {
    const scene = openScene();
    scene.hold("attach");
    const socket = scene.connect();
    socket.say(hello());
    await scene.advance(31_000);
    expect(socket.closed?.code).toBe(1013);
  });
});
