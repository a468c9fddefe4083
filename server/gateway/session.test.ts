import { describe, expect, test } from "bun:test";
import { done, refuse } from "@damso/core/result";
import { LIMITS } from "@damso/protocol/limits";
import { ERRORS_MAX, IDLE_MS_MAX, RATE_REFUSALS_MAX } from "./bounds.ts";
import { ANN, CLIENT_ID, device, DIRECT, errorOf, openScene } from "./scene.testing.ts";

const ann = device(ANN);
const send = (id: number, body = "hello"): object => ({
  type: "send",
  id,
  channel: DIRECT,
  client_id: CLIENT_ID,
  body,
});

describe("frames that break the protocol", () => {
  test("[P11] get an error with their id if they have one, and the socket stays", async () => {
    const scene = openScene();
    const socket = await scene.join(ann);
    for (const [frame, code, id] of [
      ["{", "invalid", undefined],
      ["[1]", "invalid", undefined],
      ["null", "invalid", undefined],
      ['{"type":"dance","id":4}', "unknown_type", 4],
      ['{"type":"dance","id":"4"}', "unknown_type", undefined],
      ['{"type":"__proto__","id":4}', "unknown_type", 4],
      ['{"id":4}', "unknown_type", 4],
      ['{"type":"ping","id":1.5}', "invalid", undefined],
      ['{"type":"send","id":4}', "invalid", 4],
      [JSON.stringify(send(4, "")), "empty", 4],
      [JSON.stringify(send(4, "\0")), "invalid_text", 4],
      ['{"type":"send","id":4,"channel":"x"}', "not_found", 4],
    ] as const) {
      socket.say(frame);
      await scene.settle();
      const last = socket.last();
      expect([frame, last?.["code"], last?.["id"]]).toEqual([frame, code, id]);
    }
    expect(socket.closed).toBeUndefined();
    expect(scene.of("send")).toEqual([]);
  });

  test("[P12] fifty within ten seconds close with 4003, but not when they are spread", async () => {
    const scene = openScene();
    const fast = await scene.join(ann);
    for (let i = 1; i < ERRORS_MAX; i++) fast.say("{");
    await scene.settle();
    expect(fast.closed).toBeUndefined();
    fast.say("{");
    await scene.settle();
    expect(fast.closed?.code).toBe(4003);
    const slow = await scene.join(device(ANN, 2));
    for (let i = 0; i < 2 * ERRORS_MAX; i++) {
      slow.say("{");
      await scene.advance(500);
    }
    expect(slow.closed).toBeUndefined();
  });

  test("[P12] a binary frame closes with 4003, at any stage", async () => {
    const scene = openScene();
    const [fresh, ready] = [scene.connect(), await scene.join(ann)];
    for (const socket of [fresh, ready]) {
      socket.say(new Uint8Array([123, 125]));
      await scene.settle();
      expect(socket.closed?.code).toBe(4003);
    }
  });

  test("[P20] a frame above 2 MiB closes with 1009", async () => {
    const scene = openScene();
    const socket = await scene.join(ann);
    socket.say("x".repeat(LIMITS.frame_bytes_max + 1));
    await scene.settle();
    expect(socket.closed?.code).toBe(1009);
  });

  test("what arrives behind a close is not looked at", async () => {
    const scene = openScene();
    const socket = await scene.join(ann);
    socket.say(new Uint8Array());
    socket.say(send(1));
    await scene.settle();
    expect(scene.of("send")).toEqual([]);
    expect(socket.frames).toEqual([]);
  });
});

describe("time", () => {
  test("[P12] a socket that says nothing for two and a half heartbeats is closed with 4000", async () => {
    const scene = openScene();
    const socket = await scene.join(ann);
    await scene.advance(IDLE_MS_MAX - 2000);
    socket.say({ type: "ping" });
    await scene.advance(IDLE_MS_MAX - 2000);
    expect(socket.closed).toBeUndefined();
    await scene.advance(4000);
    expect(socket.closed?.code).toBe(4000);
    expect(scene.of("detach")).toHaveLength(1);
  });
});

describe("rate limits", () => {
  test("[P20] sixty sends at once, then twenty a second, and the refusal says when", async () => {
    const scene = openScene({ rate_limits: true });
    const socket = await scene.join(ann);
    for (let id = 1; id <= 61; id++) socket.say(send(id));
    await scene.settle();
    expect(scene.of("send")).toHaveLength(60);
    expect(socket.last()).toEqual(expect.objectContaining({ type: "sent", id: 60 }));
    expect(socket.of("error")).toEqual([
      {
        type: "error",
        id: 61,
        code: "rate_limited",
        message: expect.any(String),
        retry_after_ms: 50,
      },
    ]);
    await scene.advance(500);
    for (let id = 101; id <= 111; id++) socket.say(send(id));
    await scene.settle();
    expect(scene.of("send")).toHaveLength(70);
    expect(errorOf(socket, 111)).toBe("rate_limited");
  });

  test("[P20] belong to the device: another device has its own, a reconnect does not refill", async () => {
    const scene = openScene({ rate_limits: true });
    const first = await scene.join(ann);
    for (let id = 1; id <= 60; id++) first.say(send(id));
    first.leave();
    const again = await scene.join(ann);
    again.say(send(1));
    const other = await scene.join(device(ANN, 2));
    other.say(send(1));
    await scene.settle();
    expect(errorOf(again, 1)).toBe("rate_limited");
    expect(errorOf(other, 1)).toBeUndefined();
  });

  test("[P12] a client that keeps at it is told bye and closed with 4029", async () => {
    const scene = openScene({ rate_limits: true });
    const socket = await scene.join(ann);
    for (let id = 1; id <= 60 + RATE_REFUSALS_MAX; id++) socket.say(send(id));
    await scene.settle();
    expect(socket.closed).toBeUndefined();
    socket.say(send(999));
    await scene.settle();
    expect(socket.closed?.code).toBe(4029);
    expect(socket.last()).toEqual({
      type: "bye",
      reason: "rate_limited",
      retry_after_ms: expect.any(Number),
    });
  });

  test("[P20] a frame whose form is refused counts as a request", async () => {
    const scene = openScene({ rate_limits: true });
    const socket = await scene.join(ann);
    for (let id = 1; id <= 301; id++) socket.say(send(id, ""));
    await scene.settle();
    expect([errorOf(socket, 300), errorOf(socket, 301)]).toEqual(["empty", "rate_limited"]);
    for (let id = 302; id <= 300 + RATE_REFUSALS_MAX + 1; id++) socket.say(send(id, ""));
    await scene.settle();
    expect(socket.closed?.code).toBe(4029);
  });

  const set = (id: number): object => ({ type: "set", id, channel: DIRECT, draft: "d" });
  const own: [string, (id: number) => object][] = [
    ["set", set],
    ["read", (id) => ({ type: "read", id, channel: DIRECT, seq: id })],
    ["sync", (id) => ({ type: "sync", id, feed: { id: "f1", pos: 0 } })],
    ["history", (id) => ({ type: "history", id, channel: DIRECT })],
    ["channels", (id) => ({ type: "channels", id })],
    ["open", (id) => ({ type: "open", id, channel: DIRECT })],
  ];
  for (const [name, frame] of own) {
    test(`[P20] ${name} takes from the bucket of requests: 300 at once, then fifty a second`, async () => {
      const scene = openScene({ rate_limits: true });
      scene.on("own_channels", () => done({ channels: [] }));
      scene.on("own_channel", () => refuse("not_member"));
      const socket = await scene.join(ann);
      for (let id = 1; id <= 300; id++) {
        socket.say(frame(id));
        if (id % 100 === 0) await scene.settle();
      }
      socket.say(frame(301));
      await scene.settle();
      const limited = socket.of("error").filter(({ code }) => code === "rate_limited");
      expect(limited as object[]).toEqual([
        {
          type: "error",
          id: 301,
          code: "rate_limited",
          message: expect.any(String),
          retry_after_ms: 20,
        },
      ]);
      socket.say(send(302));
      await scene.settle();
      expect(errorOf(socket, 302)).toBeUndefined();
    });
  }

  test("[P12] who goes on setting drafts is closed with 4029, and no more than 300 were set", async () => {
    const scene = openScene({ rate_limits: true });
    const socket = await scene.join(ann);
    for (let id = 1; id <= 9000 && !socket.closed; id++) {
      socket.say(set(id));
      if (id % 100 === 0) await scene.settle();
    }
    expect(socket.closed?.code).toBe(4029);
    expect(scene.of("set")).toHaveLength(300);
  });

  test("[P20] what a socket needs to live takes from no bucket", async () => {
    const scene = openScene({ rate_limits: true });
    const socket = await scene.join(ann);
    for (let id = 1; id <= 400; id++) {
      for (const frame of [
        { type: "ack", pos: id },
        { type: "ping" },
        { type: "typing", channel: DIRECT },
        { type: "watch", users: [] },
        { type: "close", channel: DIRECT },
      ]) {
        socket.say(frame);
      }
    }
    socket.say(set(1));
    await scene.advance(100);
    expect(socket.of("error")).toEqual([]);
    // And what they cost others does not grow with how often they come.
    expect(scene.requests.map(({ kind }) => kind).sort()).toEqual([
      "ack",
      "attach",
      "ping",
      "set",
      "typing",
    ]);
  });

  test("off, nothing is refused", async () => {
    const scene = openScene();
    const socket = await scene.join(ann);
    for (let id = 1; id <= 200; id++) socket.say(send(id));
    await scene.settle();
    for (let id = 201; id <= 600; id++) {
      socket.say(set(id));
      if (id % 100 === 0) await scene.settle();
    }
    expect(scene.of("send")).toHaveLength(200);
    expect(scene.of("set")).toHaveLength(400);
  });
});
