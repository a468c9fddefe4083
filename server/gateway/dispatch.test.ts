import { describe, expect, test } from "bun:test";
import { done, refuse } from "@damso/core/result";
import type { Command } from "@damso/core/shard/commands";
import { IN_FLIGHT_MAX, PAGES_AT_ONCE } from "./bounds.ts";
import {
  ANN,
  BEN,
  CLIENT_ID,
  device,
  DIRECT,
  errorOf,
  event,
  FEED,
  GROUP,
  openScene,
  page,
  sent,
} from "./scene.testing.ts";
import type { FakeSocket, Scene } from "./scene.testing.ts";

const ann = device(ANN);
const { token: _token, ...who } = ann;
const attachee = { ...who, gateway: "g1" };
const send = (id: number, body = "hello"): object => ({
  type: "send",
  id,
  channel: DIRECT,
  client_id: CLIENT_ID,
  body,
});
async function joined(): Promise<{ scene: Scene; socket: FakeSocket }> {
  const scene = openScene();
  const socket = await scene.join(ann);
  scene.requests.length = 0;
  return { scene, socket };
}

/** A frame, the commands that it becomes, and the reply. */
async function check(frame: object, commands: object[], reply: object | undefined): Promise<void> {
  const { scene, socket } = await joined();
  scene.on("send", () => done(sent(7)));
  for (const kind of ["edit", "delete", "react", "pin"] as const) {
    scene.on(kind, () => done({ rev: 3 }));
  }
  socket.say(frame);
  await scene.settle();
  await scene.advance(100);
  expect(scene.requests as object[]).toEqual(commands);
  expect(socket.frames as (object | undefined)[]).toEqual(reply ? [reply] : []);
}

describe("each frame becomes its command, and has one reply", () => {
  const at = { user_id: ANN, channel: GROUP };
  const all: [string, object, object[], object | undefined][] = [
    [
      "send",
      { ...send(1), reply_to: 3, mentions: ["all", BEN], extra: "ignored" },
      [
        {
          kind: "send",
          user_id: ANN,
          channel: DIRECT,
          client_id: CLIENT_ID,
          body: "hello",
          reply_to: 3,
          mentions: ["all", BEN],
        },
      ],
      { type: "sent", id: 1, ...sent(7) },
    ],
    [
      "edit",
      { type: "edit", id: 2, channel: GROUP, seq: 5, body: "new", if_rev: 1 },
      [{ kind: "edit", ...at, seq: 5, body: "new", if_rev: 1 }],
      { type: "ok", id: 2, rev: 3 },
    ],
    [
      "delete for all",
      { type: "delete", id: 3, channel: GROUP, seq: 5, for: "all" },
      [{ kind: "delete", ...at, seq: 5 }],
      { type: "ok", id: 3, rev: 3 },
    ],
    [
      "delete for me",
      { type: "delete", id: 3, channel: GROUP, seq: 5, for: "me" },
      [{ kind: "hide", ...at, seq: 5 }],
      { type: "ok", id: 3 },
    ],
    [
      "react",
      { type: "react", id: 4, channel: GROUP, seq: 5, emoji: "👍", on: true },
      [{ kind: "react", ...at, seq: 5, emoji: "👍", on: true }],
      { type: "ok", id: 4, rev: 3 },
    ],
    [
      "pin",
      { type: "pin", id: 5, channel: GROUP, seq: 5, on: false },
      [{ kind: "pin", ...at, seq: 5, on: false }],
      { type: "ok", id: 5, rev: 3 },
    ],
    [
      "read",
      { type: "read", id: 6, channel: GROUP, seq: 9 },
      [{ kind: "read", ...at, seq: 9 }],
      { type: "ok", id: 6 },
    ],
    [
      "read without id",
      { type: "read", channel: GROUP, seq: 9 },
      [{ kind: "read", ...at, seq: 9 }],
      undefined,
    ],
    [
      "set",
      { type: "set", id: 7, channel: GROUP, draft: null, pinned: true },
      [{ kind: "set", ...at, set: { draft: null, pinned: true } }],
      { type: "ok", id: 7 },
    ],
    [
      "typing",
      { type: "typing", id: 8, channel: GROUP },
      [{ kind: "typing", ...at }],
      { type: "ok", id: 8 },
    ],
    [
      "ping",
      { type: "ping", id: 9, active: false },
      [{ kind: "ping", ...attachee, active: false }],
      { type: "pong", id: 9 },
    ],
    [
      "ping without id",
      { type: "ping" },
      [{ kind: "ping", ...attachee, active: true }],
      { type: "pong" },
    ],
    [
      "ack",
      { type: "ack", pos: 4 },
      [{ kind: "ack", ...attachee, pos: 4, active: true }],
      undefined,
    ],
    [
      "ack with id",
      { type: "ack", id: 10, pos: 4 },
      [{ kind: "ack", ...attachee, pos: 4, active: true }],
      { type: "ok", id: 10 },
    ],
    ["close", { type: "close", id: 11, channel: GROUP }, [], { type: "ok", id: 11 }],
    ["watch", { type: "watch", id: 12, users: [] }, [], { type: "ok", id: 12 }],
  ];
  for (const [name, frame, commands, reply] of all) {
    test(`[P10] ${name}`, () => check(frame, commands, reply));
  }

  test("[P10] sync answers with the page of events", async () => {
    const { scene, socket } = await joined();
    scene.on("sync", () => done({ ...page(9), more: true }));
    socket.say({ type: "sync", id: 1, feed: { id: FEED, pos: 2 }, limit: 10 });
    await scene.settle();
    expect(scene.requests).toEqual([
      { kind: "sync", user_id: ANN, feed: { id: FEED, pos: 2 }, limit: 10 },
    ]);
    expect(socket.last()).toEqual({ type: "events", id: 1, ...page(9), more: true });
  });

  test("[P10] history asks the home what is cleared and hidden, then the channel", async () => {
    const { scene, socket } = await joined();
    scene.on("own_channel", () => done({ cleared_to: 4, hidden: [[6, 7]] } as never));
    const answer = { messages: [], head: 9, more_before: false, more_after: true };
    scene.on("history", () => done(answer));
    socket.say({ type: "history", id: 1, channel: GROUP, around: 8, limit: 20 });
    await scene.settle();
    expect(scene.requests).toEqual([
      { kind: "own_channel", user_id: ANN, channel: GROUP },
      {
        kind: "history",
        user_id: ANN,
        channel: GROUP,
        around: 8,
        limit: 20,
        own: { cleared_to: 4, hidden: [[6, 7]] },
      },
    ]);
    expect(socket.last()).toEqual({ type: "messages", id: 1, channel: GROUP, ...answer });
  });

  test("[P10] channels joins the home's list with each owner's view", async () => {
    const { scene, socket } = await joined();
    const own = { pos: 5, read: 1, unread: 2, unread_mentions: 0, cleared_to: 0, hidden: [] };
    scene.on("own_channels", () =>
      done({
        channels: [
          { ...own, channel: GROUP },
          { ...own, channel: DIRECT },
        ],
        cursor: "5",
      } as never),
    );
    const view = ({ channel }: Command<"view">): never =>
      ({
        view: { id: channel, kind: "group", members: [], pins: [], head: 3 },
        visible_from: 1,
      }) as never;
    scene.on("view", (command) => done(view(command)));
    socket.say({ type: "channels", id: 1, limit: 2 });
    await scene.settle();
    expect(socket.last()).toMatchObject({
      type: "channel_list",
      id: 1,
      channels: [{ id: GROUP, unread: 2, head: 3 }, { id: DIRECT }],
      cursor: "5",
    });
    // One that was left meanwhile is not in the list; an owner out of reach makes no list with a hole.
    scene.on("view", (command) =>
      command.channel === GROUP ? refuse("not_member") : done(view(command)),
    );
    socket.say({ type: "channels", id: 2 });
    await scene.settle();
    expect(socket.last()).toMatchObject({ id: 2, channels: [{ id: DIRECT }] });
    scene.on("view", () => refuse("unavailable"));
    socket.say({ type: "channels", id: 3 });
    await scene.settle();
    expect(errorOf(socket, 3)).toBe("unavailable");
  });
});

describe("answers", () => {
  test("[P10] a refusal is an error with the same id, code and wait", async () => {
    const { scene, socket } = await joined();
    scene.on("send", () => refuse("busy", "later", 200));
    socket.say(send(5));
    await scene.settle();
    expect(socket.frames).toEqual([
      { type: "error", id: 5, code: "busy", message: "later", retry_after_ms: 200 },
    ]);
    expect(scene.counters.refusals.busy).toBe(1);
  });

  test("[I22] a bus that fails has an unknown outcome: unavailable", async () => {
    const { scene, socket } = await joined();
    scene.on("send", () => Promise.reject(new Error("lost")));
    scene.on("sync", () => Promise.reject(new Error("lost")));
    socket.say(send(5));
    socket.say({ type: "sync", id: 6, feed: { id: FEED, pos: 2 } });
    await scene.settle();
    expect([errorOf(socket, 5), errorOf(socket, 6)]).toEqual(["unavailable", "unavailable"]);
  });

  test("[I5] sends reach the bus in the order in which they arrived, all in the same turn", async () => {
    const { scene, socket } = await joined();
    const held = scene.hold("send");
    for (let id = 1; id <= 20; id++) socket.say(send(id, `m${id}`));
    expect(scene.of("send").map(({ body }) => body)).toEqual(
      Array.from({ length: 20 }, (_, i) => `m${i + 1}`),
    );
    await held.answer(done(sent(1)));
    expect(socket.frames).toEqual([{ type: "sent", id: 1, ...sent(1) }]);
  });

  test("[P10] replies go out as they are answered, each with its own id", async () => {
    const { scene, socket } = await joined();
    const held = scene.hold("send");
    socket.say(send(1));
    socket.say({ type: "read", id: 2, channel: DIRECT, seq: 1 });
    await scene.settle();
    await held.answer(done(sent(1)));
    expect(socket.frames.map((frame) => frame["id"])).toEqual([2, 1]);
  });

  test("[I20] more than 256 unanswered requests of a socket are refused with busy", async () => {
    const { scene, socket } = await joined();
    const held = scene.hold("send");
    for (let id = 1; id <= IN_FLIGHT_MAX + 2; id++) socket.say(send(id));
    await scene.settle();
    expect(scene.of("send")).toHaveLength(IN_FLIGHT_MAX);
    expect(socket.frames.map((frame) => [frame["id"], frame["code"]])).toEqual([
      [IN_FLIGHT_MAX + 1, "busy"],
      [IN_FLIGHT_MAX + 2, "busy"],
    ]);
    await held.answer(done(sent(1)));
    socket.say(send(999));
    expect(scene.of("send")).toHaveLength(IN_FLIGHT_MAX + 1);
    expect(scene.counters.bounds.in_flight).toBe(2);
  });

  test("[I20] of one socket only a few pages are read at a time; the others wait their turn", async () => {
    const { scene, socket } = await joined();
    const held = scene.hold("sync");
    for (let id = 1; id <= 10; id++) socket.say({ type: "sync", id, feed: { id: FEED, pos: 0 } });
    await scene.settle();
    expect(scene.of("sync")).toHaveLength(PAGES_AT_ONCE);
    for (let i = 0; i < 10; i++) await held.answer(done(page(1)));
    expect(socket.of("events").map((frame) => frame["id"])).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    expect(scene.counters.in_flight).toBe(0);
  });

  test("pages that wait for a socket that went away are not read", async () => {
    const { scene, socket } = await joined();
    const held = scene.hold("sync");
    for (let id = 1; id <= 10; id++) socket.say({ type: "sync", id, feed: { id: FEED, pos: 0 } });
    await scene.settle();
    socket.leave();
    for (let i = 0; i < 10; i++) await held.answer(done(page(1)));
    expect(scene.of("sync")).toHaveLength(PAGES_AT_ONCE);
    expect(scene.counters.in_flight).toBe(0);
  });
});

describe("acknowledgements", () => {
  test("[I20] several within a tenth of a second travel as the highest", async () => {
    const { scene, socket } = await joined();
    for (const pos of [3, 9, 7]) socket.say({ type: "ack", pos });
    await scene.advance(100);
    expect(scene.of("ack").map(({ pos }) => pos)).toEqual([9]);
  });

  test("[R1] a change of active travels at once", async () => {
    const { scene, socket } = await joined();
    socket.say({ type: "ack", pos: 3, active: false });
    await scene.settle();
    expect(scene.of("ack")).toEqual([{ kind: "ack", ...attachee, pos: 3, active: false }]);
  });

  test("one that waits when the socket goes is told before the home hears of that", async () => {
    const { scene, socket } = await joined();
    socket.say({ type: "ack", pos: 3 });
    socket.leave();
    await scene.settle();
    expect(scene.requests.map(({ kind }) => kind)).toEqual(["ack", "detach"]);
  });
});

describe("typing", () => {
  test("[R7] at most once in three seconds, user and channel reaches the owner", async () => {
    const { scene, socket } = await joined();
    for (let i = 0; i < 5; i++) {
      socket.say({ type: "typing", channel: GROUP });
      socket.say({ type: "typing", channel: DIRECT });
      await scene.advance(500);
    }
    expect(scene.of("typing").map(({ channel }) => channel)).toEqual([GROUP, DIRECT]);
    await scene.advance(1000);
    socket.say({ type: "typing", channel: GROUP });
    expect(scene.of("typing")).toHaveLength(3);
    const other = await scene.join(device(ANN, 2));
    other.say({ type: "typing", id: 1, channel: GROUP });
    await scene.settle();
    expect(other.last()).toEqual({ type: "ok", id: 1 });
    expect(scene.of("typing")).toHaveLength(3);
  });
});

describe("ping", () => {
  test("[R1] reaches the home once a second, and at once when the device turns to or from the foreground", async () => {
    const { scene, socket } = await joined();
    for (let id = 1; id <= 50; id++) socket.say({ type: "ping", id });
    await scene.settle();
    expect(socket.of("pong")).toHaveLength(50);
    expect(scene.of("ping")).toHaveLength(1);
    socket.say({ type: "ping", active: false });
    socket.say({ type: "ping", active: false });
    expect(scene.of("ping").map(({ active }) => active)).toEqual([true, false]);
    await scene.advance(1000);
    socket.say({ type: "ping" });
    expect(scene.of("ping")).toHaveLength(3);
  });
});

test("frames to one socket in one turn are one write", async () => {
  const { scene, socket } = await joined();
  scene.on("send", () => done(sent(1)));
  for (let id = 1; id <= 8; id++) socket.say(send(id));
  scene.gateway.deliver([event(1, ANN), event(2, ANN)]);
  await scene.settle();
  expect(socket.frames).toHaveLength(10);
  expect(socket.writes).toBe(1);
});
