import { describe, expect, test } from "bun:test";
import { done, refuse } from "@damso/core/result";
import type { OpenMember } from "@damso/protocol/frames/server";
import { EXCHANGE_MS, OPEN_CHANNELS_MAX, OPENS_AT_ONCE } from "./bounds.ts";
import { ANN, BEN, CAT, device, DIRECT, errorOf, GROUP, openScene, page } from "./scene.testing.ts";
import type { FakeSocket, Scene } from "./scene.testing.ts";

const member = (user_id: OpenMember["user_id"], presence: OpenMember["presence"]): OpenMember => ({
  user_id,
  read: 1,
  delivered: 2,
  presence,
});
const members = [member(ANN, "online"), member(BEN, "online"), member(CAT, "offline")];
const open = (channel: string = GROUP): object => ({ type: "open", id: 1, channel });
const left = { kind: "left", user_id: ANN, channel: GROUP } as const;

async function joined(): Promise<{ scene: Scene; socket: FakeSocket }> {
  const scene = openScene();
  scene.on("opened", () => done({ members }));
  scene.on("watch", ({ user_id }) =>
    done({ user_id, state: user_id === BEN ? "online" : "offline" }),
  );
  return { scene, socket: await scene.join(device(ANN)) };
}

function publish(
  scene: Scene,
  frame: object,
  from?: typeof ANN,
  channel: string = GROUP,
): Promise<void> {
  const topic = { frame: JSON.stringify(frame) };
  scene.bus.publish(`channel.${channel}`, from ? { ...topic, from } : topic);
  return scene.settle();
}
const typing = { type: "typing", channel: GROUP, user_id: BEN };

describe("an open channel", () => {
  test("[R8] opens with its members, and passes on what happens in it until it is closed", async () => {
    const { scene, socket } = await joined();
    socket.say(open());
    await scene.settle();
    expect(socket.frames).toEqual([{ type: "opened", id: 1, channel: GROUP, members }]);
    await publish(scene, typing, BEN);
    expect(socket.last()).toEqual(typing);
    socket.say({ type: "close", channel: GROUP });
    await publish(scene, typing, BEN);
    expect(socket.frames).toHaveLength(2);
    expect(scene.counters.topics).toBe(0);
  });

  test("[R8][R4] shows who joined since, and watches no more who left", async () => {
    const { scene, socket } = await joined();
    scene.on("opened", () => done({ members: [member(ANN, "online"), member(CAT, "offline")] }));
    const now = [ANN, BEN].map((user_id) => ({ user_id, role: "member" as const }));
    scene.on("view", () => done({ view: { members: now } } as never));
    socket.say(open());
    await scene.settle();
    const to = [{ user_id: ANN, pos: 1, tail: "}" }];
    scene.gateway.deliver([{ kind: "event", type: "channel", channel: GROUP, shared: "", to }]);
    await scene.settle();
    expect(socket.of("presence")).toEqual([{ type: "presence", user_id: BEN, state: "online" }]);
    const frame = JSON.stringify({ type: "presence", user_id: CAT, state: "online" });
    scene.gateway.deliver([{ kind: "frame", user_id: ANN, frame }]);
    await scene.settle();
    expect(socket.of("presence")).toHaveLength(1);
  });

  test("[R7] what a user does is not told to his own devices", async () => {
    const { scene, socket } = await joined();
    const other = await scene.join(device(ANN, 2));
    for (const one of [socket, other]) one.say(open());
    await scene.settle();
    await publish(scene, { type: "typing", channel: GROUP, user_id: ANN }, ANN);
    expect([...socket.of("typing"), ...other.of("typing")]).toEqual([]);
  });

  test("[I20] of one socket only a few are opened at a time, the others wait, and nobody is refused", async () => {
    const { scene, socket } = await joined();
    const held = scene.hold("opened");
    for (let id = 1; id <= 100; id++) socket.say({ type: "open", id, channel: GROUP });
    await scene.settle();
    expect(scene.of("opened")).toHaveLength(OPENS_AT_ONCE);
    for (let i = 0; i < 100; i++) await held.answer(done({ members }));
    const ids = Array.from({ length: 100 }, (_, at) => at + 1);
    expect(socket.of("opened").map(({ id }) => id)).toEqual(ids);
    expect(scene.counters.in_flight).toBe(0);
  });

  test("[I20] what waits to be opened for a socket that went away is not asked for", async () => {
    const { scene, socket } = await joined();
    const held = scene.hold("opened");
    for (let id = 1; id <= 10; id++) socket.say({ type: "open", id, channel: GROUP });
    await scene.settle();
    socket.leave();
    for (let i = 0; i < 10; i++) await held.answer(done({ members }));
    expect(scene.of("opened")).toHaveLength(OPENS_AT_ONCE);
    expect(scene.counters.in_flight).toBe(0);
  });

  test("[P20] sixty groups are opened at once and ten a second, direct channels five times as many", async () => {
    const scene = openScene({ rate_limits: true });
    const refused = async (socket: FakeSocket, channel: string, n: number): Promise<number> => {
      const before = socket.of("error").length;
      for (let id = 1; id <= n; id++) {
        socket.say({ type: "open", id, channel });
        await scene.settle();
      }
      return socket.of("error").length - before;
    };
    const socket = await scene.join(device(ANN));
    expect(await refused(socket, GROUP, 61)).toBe(1);
    expect(socket.last()).toMatchObject({ code: "rate_limited", retry_after_ms: 100 });
    await scene.advance(1000);
    expect(await refused(socket, GROUP, 11)).toBe(1);
    const other = await scene.join(device(BEN));
    expect(await refused(other, DIRECT, 300)).toBe(0);
  });

  test("[R4][I23] members who are watched already and are shown as they were are told again as they are", async () => {
    const { scene, socket } = await joined();
    scene.on("watch", ({ user_id }) => done({ user_id, state: "online" }));
    socket.say({ type: "watch", users: [BEN] });
    await scene.settle();
    expect(socket.last()).toMatchObject({ type: "presence", user_id: BEN, state: "online" });
    const stale = [{ user_id: BEN, read: 0, delivered: 0, presence: "offline" as const }];
    scene.on("opened", () => done({ members: stale }));
    socket.say(open());
    await scene.settle();
    const [opened, told] = socket.frames.slice(-2);
    expect(opened).toMatchObject({ type: "opened" });
    expect(told).toMatchObject({ type: "presence", user_id: BEN, state: "online" });
  });

  test("[R8] one who is no member gets an error and nothing of it", async () => {
    const { scene, socket } = await joined();
    scene.on("opened", () => refuse("not_member"));
    socket.say(open());
    await scene.settle();
    expect(errorOf(socket, 1)).toBe("not_member");
    await publish(scene, typing);
    expect(socket.of("typing")).toEqual([]);
    expect(scene.counters.topics).toBe(0);
  });

  test("[I18] nothing is passed on before the owner has said that he is a member", async () => {
    const { scene, socket } = await joined();
    const held = scene.hold("opened");
    socket.say(open());
    await publish(scene, typing);
    expect(socket.frames).toEqual([]);
    await held.answer(done({ members }));
    await publish(scene, typing);
    expect(socket.frames.map((frame) => frame.type)).toEqual(["opened", "typing"]);
  });

  test("[I18] one who left gets nothing more, on none of his sockets", async () => {
    const { scene, socket } = await joined();
    const other = await scene.join(device(ANN, 2));
    const ben = await scene.join(device(BEN));
    for (const one of [socket, other, ben]) one.say(open());
    await scene.settle();
    await scene.deliver(left);
    await publish(scene, typing);
    expect([...socket.of("typing"), ...other.of("typing")]).toEqual([]);
    expect(ben.of("typing")).toHaveLength(1);
  });

  test("[I18] a leave that overtakes the answer to open wins", async () => {
    const { scene, socket } = await joined();
    const held = scene.hold("opened");
    socket.say(open());
    await scene.deliver(left);
    await held.answer(done({ members }));
    expect(errorOf(socket, 1)).toBe("not_member");
    await publish(scene, typing);
    expect(socket.of("typing")).toEqual([]);
  });

  test("[I18] a leave whose word was lost takes effect with the page that tells of it", async () => {
    const { scene, socket } = await joined();
    socket.say(open());
    await scene.settle();
    const gone = { type: "channel_left", pos: 1, channel: GROUP, reason: "removed" } as const;
    scene.on("sync", () => done(page(1, [gone])));
    socket.say({ type: "sync", id: 2, feed: { id: "f1", pos: 0 } });
    await scene.settle();
    await publish(scene, typing);
    expect(socket.of("typing")).toEqual([]);
  });

  test("[I18] a leave that no page tells of is asked for when the feed has moved, until the owner has answered", async () => {
    const { scene, socket } = await joined();
    for (const channel of [GROUP, DIRECT]) socket.say(open(channel));
    await scene.settle();
    scene.requests.length = 0;
    scene.on("exchange", () => done({ head: 7 }));
    scene.on("view", () => refuse("unavailable"));
    await scene.advance(2 * EXCHANGE_MS);
    await publish(scene, typing);
    expect(socket.of("typing")).toHaveLength(1);
    scene.on("view", () => refuse("not_member"));
    await scene.advance(EXCHANGE_MS);
    await publish(scene, typing);
    expect(socket.of("typing")).toHaveLength(1);
    // Nobody leaves a direct channel; and what nothing has moved is not asked for again.
    await scene.advance(EXCHANGE_MS);
    expect(scene.of("view").map(({ channel }) => channel)).toEqual([GROUP, GROUP, GROUP]);
  });

  test("[I18] a feed that begins anew tells of no leave: the owner is asked", async () => {
    const { scene, socket } = await joined();
    socket.say(open());
    await scene.settle();
    scene.on("sync", () => done({ ...page(9), reset: true }));
    scene.on("view", () => refuse("not_member"));
    socket.say({ type: "sync", id: 2, feed: { id: "f0", pos: 4 } });
    await scene.settle();
    await publish(scene, typing);
    expect(socket.of("typing")).toEqual([]);
  });

  test("[I20] the ninth closes the first", async () => {
    const { scene, socket } = await joined();
    const channels = Array.from(
      { length: OPEN_CHANNELS_MAX + 1 },
      (_, n) => `g100000000000000000${n}`,
    );
    for (const channel of channels) socket.say(open(channel));
    await scene.settle();
    for (const channel of channels) await publish(scene, { ...typing, channel }, BEN, channel);
    expect(socket.of("typing").map((frame) => frame["channel"])).toEqual(channels.slice(1));
    expect(scene.counters.bounds.open_channels).toBe(1);
  });

  test("[R8] the end of the socket closes what it has open", async () => {
    const { scene, socket } = await joined();
    socket.say(open());
    socket.say(open(DIRECT));
    await scene.settle();
    socket.leave();
    expect(scene.counters.topics).toBe(0);
  });

  test("opening it again answers again and subscribes once", async () => {
    const { scene, socket } = await joined();
    socket.say(open());
    await scene.settle();
    socket.say({ ...open(), id: 2 });
    await scene.settle();
    expect(socket.frames.map((frame) => [frame.type, frame["id"]])).toEqual([
      ["opened", 1],
      ["opened", 2],
    ]);
    await publish(scene, typing);
    expect(socket.of("typing")).toHaveLength(1);
    socket.say({ type: "close", channel: GROUP });
    expect(scene.counters.topics).toBe(0);
  });

  test("[R8] watches its members, and tells only what opened did not say already", async () => {
    const { scene, socket } = await joined();
    scene.on("watch", ({ user_id }) => done({ user_id, state: "offline" }));
    socket.say(open());
    await scene.settle();
    expect(scene.of("watch").map(({ user_id, on }) => [user_id, on])).toEqual([
      [BEN, true],
      [CAT, true],
    ]);
    expect(socket.of("presence")).toEqual([{ type: "presence", user_id: BEN, state: "offline" }]);
  });
});
