import { expect, test } from "bun:test";
import { device, frames, later, people, topics } from "./scene.testing.ts";

const own = { cleared_to: 0, hidden: [] };

test("[D22][I20] a sink that hangs or refuses holds up nobody, and what it refused is due again", async () => {
  const { scene, ann, bob } = await people();
  Object.assign(scene.profiles.get(bob) as object, { has_push: true });
  const channel = scene.direct(ann, bob);
  let refusing = 0;
  const taken: number[] = [];
  scene.sink = async ({ seq }) => {
    if (seq === 1) return new Promise<undefined>(() => {});
    if (seq === 2 && refusing++ === 0) throw new Error("not now");
    taken.push(seq);
    return undefined;
  };
  for (let n = 0; n < 3; n++) await scene.send(ann, channel, "x");
  await scene.attach(ann);
  await scene.must({ kind: "detach", user_id: ann, ...device(ann, 0) });
  await later(scene, 3000);
  expect(taken).toEqual([3]);
  await later(scene, 11_000);
  expect(taken).toEqual([3, 2]);
  await later(scene, 10_000);
  expect((await scene.must({ kind: "presence", user_id: ann, viewer: bob })).state).toBe("offline");
  expect(scene.store.dump().match(/^pushes /gm)).toHaveLength(1);
});

test("[D22] a message that was deleted before it was due is not pushed", async () => {
  const { scene, ann, bob } = await people();
  Object.assign(scene.profiles.get(bob) as object, { has_push: true });
  const channel = scene.direct(ann, bob);
  await scene.send(ann, channel, "oops");
  await scene.must({ kind: "delete", user_id: ann, channel, seq: 1 });
  await later(scene, 3000);
  expect(scene.pushes).toEqual([]);
  expect(scene.store.dump()).not.toContain("pushes ");
});

test("[I14] a push whose commit took longer than it waits is pushed afterwards", async () => {
  const { scene, ann, bob } = await people();
  Object.assign(scene.profiles.get(bob) as object, { has_push: true });
  await later(scene, 1000);
  scene.store.hold();
  const slow = scene.send(ann, scene.direct(ann, bob), "hello");
  for (let n = 0; n < 3; n++) await later(scene, 2000);
  expect(scene.pushes).toEqual([]);
  scene.store.release();
  await slow;
  await later(scene, 1000);
  expect(scene.pushes).toMatchObject([{ user_id: bob, seq: 1 }]);
});

test("[I14] what cannot be noted as pushed is pushed only when the store is back", async () => {
  const { scene, ann, bob, eve } = await people();
  Object.assign(scene.profiles.get(bob) as object, { has_push: true });
  await scene.send(ann, scene.direct(ann, bob), "hello");
  // A stranger's commit fails while the push is judged.
  scene.faults.many = async () => {
    delete scene.faults.many;
    scene.store.fail(false);
    await scene.send(eve, scene.direct(eve, eve), "fails");
  };
  await later(scene, 3000);
  expect(scene.shard.failure()).toBeDefined();
  expect(scene.pushes).toEqual([]);
  await later(scene, 3000);
  await later(scene, 1000);
  expect(scene.pushes).toMatchObject([{ user_id: bob, seq: 1 }]);
});

test.each([
  ["emptied the memory", false],
  ["emptied the memory of what cannot be read", true],
])(
  "[I14][D22] what a device acknowledges while a failure has %s counts",
  async (_, isUnreadable) => {
    const { scene, ann, bob, eve } = await people();
    Object.assign(scene.profiles.get(bob) as object, { has_push: true });
    const channel = scene.direct(ann, bob);
    await scene.attach(bob);
    await scene.send(ann, channel, "hello");
    const told = scene.events.filter(({ user_id }) => user_id === bob);
    const pos = told.at(-1)?.event["pos"] as number;
    scene.store.fail(false);
    expect((await scene.send(eve, scene.direct(eve, eve), "fails")).ok).toBe(false);
    if (isUnreadable) scene.faults.get = () => Promise.reject(new Error("EIO"));
    const answer = await scene.ask({
      kind: "ack",
      user_id: bob,
      ...device(bob, 0),
      pos,
      active: true,
    });
    expect(answer.ok).toBe(!isUnreadable);
    delete scene.faults.get;
    await later(scene, 3000);
    await later(scene, 1000);
    expect(scene.shard.failure()).toBeUndefined();
    expect(scene.store.dump()).not.toContain("pushes ");
    expect(scene.pushes).toEqual([]);
  },
);

test("[I4][I7] a channel that is read slowly does not take the place of what was decided and forgotten meanwhile", async () => {
  const { scene, ann, bob, eve } = await people();
  const channel = scene.direct(ann, bob);
  const say = async (to: typeof channel, body: string): Promise<number> => {
    const sent = await scene.send(ann, to, body);
    return sent.ok ? sent.value.seq : 0;
  };
  await say(channel, "one");
  scene.memory_max = { channels: 1, users: 100, messages: 100 };
  await scene.restart();
  const gate = Promise.withResolvers<void>();
  scene.faults.get = async (table) => {
    if (table !== "marks") return;
    delete scene.faults.get;
    await gate.promise;
  };
  const viewed = scene.ask({ kind: "view", user_id: ann, channel });
  expect(await say(channel, "two")).toBe(2);
  for (const other of [eve, ann, eve, ann]) {
    for (let n = 0; n < 3; n++) await say(scene.direct(ann, other), "pushes it out");
  }
  gate.resolve();
  expect((await viewed).ok).toBe(true);
  expect(await say(channel, "three")).toBe(3);
});

test("[I2][P9] a channel that is being read when a failure empties the memory is not taken for one that never was", async () => {
  const { scene, ann, bob, eve } = await people();
  const channel = scene.direct(ann, bob);
  const failAndRecover = async (): Promise<void> => {
    scene.store.fail(false);
    expect((await scene.send(eve, scene.direct(eve, eve), "fails")).ok).toBe(false);
    await later(scene, 3000);
    await later(scene, 1000);
    expect(scene.shard.failure()).toBeUndefined();
  };
  await scene.send(ann, channel, "hello");
  await failAndRecover();
  scene.faults.get = async (table) => {
    if (table !== "marks") return;
    delete scene.faults.get;
    await failAndRecover();
  };
  const { view } = await scene.must({ kind: "view", user_id: ann, channel });
  expect(view.head).toBe(1);
  expect(scene.faults.get).toBeUndefined();
});

test("[R3][I23] a watcher is told offline when a setting takes presence away, and nothing after that", async () => {
  const { scene, ann, bob } = await people();
  await scene.attach(bob);
  await scene.must({ kind: "watch", user_id: bob, gateway: "g0", watcher: ann, on: true });
  Object.assign(scene.profiles.get(bob) as object, { presence: "nobody" });
  await scene.must({ kind: "account", user_id: bob, changed: "settings" });
  expect(frames(scene).at(-1)).toEqual({ type: "presence", user_id: bob, state: "offline" });
  const told = frames(scene).length;
  await scene.must({ kind: "detach", user_id: bob, ...device(bob, 0) });
  await later(scene, 21_000);
  expect(frames(scene)).toHaveLength(told);
});

test("[R4][I23] a watcher hears of a change that comes after the store has failed", async () => {
  const { scene, ann, bob } = await people();
  await scene.attach(bob);
  await scene.must({ kind: "watch", user_id: bob, gateway: "g0", watcher: ann, on: true });
  scene.store.fail(false);
  await scene.send(ann, scene.direct(ann, bob), "x");
  await scene.must({ kind: "detach", user_id: bob, ...device(bob, 0), gone: true });
  await later(scene, 0);
  expect(frames(scene).at(-1)).toMatchObject({ user_id: bob, state: "offline" });
});

test("[R9] last active survives a stop while the device is attached, and a crash forgets a minute of it", async () => {
  const { scene, ann, bob } = await people();
  const seen = async (): Promise<string | undefined> =>
    (await scene.must({ kind: "presence", user_id: bob, viewer: ann })).last_active_at;
  await scene.attach(bob);
  scene.time.now += 5000;
  await scene.must({ kind: "ping", user_id: bob, ...device(bob, 0), active: true });
  await scene.shard.stop();
  await scene.restart();
  expect(await seen()).toBe("2026-11-23T12:00:05.000Z");
  await scene.attach(bob);
  for (let n = 0; n < 70; n++) {
    await scene.must({ kind: "ping", user_id: bob, ...device(bob, 0), active: true });
    await later(scene, 1000);
  }
  await scene.restart();
  expect(Date.parse((await seen()) as string)).toBeGreaterThanOrEqual(scene.time.now - 62_000);
});

test("[I9] what is read while a removal commits shows nothing of after it", async () => {
  const { scene, ann, bob } = await people();
  const channel = await scene.group(ann, [bob]);
  await scene.send(ann, channel, "before");
  scene.store.hold();
  const first = scene.send(ann, channel, "in flight");
  await new Promise((resolve) => setTimeout(resolve, 0));
  const history = scene.ask({ kind: "history", user_id: bob, channel, own });
  const single = scene.ask({ kind: "message", user_id: bob, channel, seq: 2, own });
  const removal = scene.must({ kind: "remove_member", user_id: ann, channel, member: bob });
  const edit = scene.must({ kind: "edit", user_id: ann, channel, seq: 2, body: "after" });
  scene.store.release();
  await Promise.all([first, removal, edit]);
  expect(JSON.stringify([await history, await single])).not.toContain("after");
});

test("[I3] a page tells no head that is decided and not committed", async () => {
  const { scene, ann, bob } = await people();
  const channel = scene.direct(ann, bob);
  scene.store.hold();
  const first = scene.send(ann, channel, "in flight");
  await new Promise((resolve) => setTimeout(resolve, 0));
  const asked = scene.must({ kind: "history", user_id: bob, channel, own });
  await new Promise((resolve) => setTimeout(resolve, 0));
  const second = scene.send(ann, channel, "behind it");
  // The first commit lands, and the one that starts then is held again.
  scene.store.release();
  scene.store.hold();
  await first;
  const page = await asked;
  expect([page.head, page.messages.length]).toEqual([1, 1]);
  scene.store.release();
  expect((await second).ok).toBe(true);
});

test("[I3] the members that open tells are committed ones", async () => {
  const { scene, ann, bob } = await people();
  const channel = await scene.group(ann, []);
  scene.store.fail(false);
  const joining = scene.ask({ kind: "put_member", user_id: ann, channel, member: bob });
  const asked = scene.ask({ kind: "opened", user_id: ann, channel });
  expect((await joining).ok).toBe(false);
  const answer = await asked;
  expect(answer.ok && answer.value.members.length > 1).toBe(false);
});

test("[I2][I12] a page that cannot be read whole is no page: nobody is told that he left", async () => {
  const { scene, ann, bob, eve } = await people();
  const channel = scene.direct(ann, bob);
  const { feed } = await scene.attach(bob);
  await scene.send(ann, channel, "kept");
  await scene.restart();
  const cursor = { kind: "sync" as const, user_id: bob, feed: { id: feed.id, pos: 0 } };
  scene.faults.get = async (table) => {
    if (table === "channels") throw new Error("EIO");
  };
  expect((await scene.ask(cursor)).ok).toBe(false);
  delete scene.faults.get;
  // A stranger's commit fails while the page is read.
  scene.faults.many = async () => {
    delete scene.faults.many;
    scene.store.fail(false);
    await scene.send(eve, scene.direct(eve, eve), "fails");
  };
  const torn = await scene.ask(cursor);
  expect(torn.ok ? torn.value.events.map(({ type }) => type) : ["refused"]).not.toContain(
    "channel_left",
  );
});

test("[I22][S4] a send that waited while the store failed is not accepted on it", async () => {
  const { scene, ann, bob, eve } = await people();
  const channel = scene.direct(ann, bob);
  await scene.send(ann, channel, "one");
  await scene.restart();
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  scene.faults.get = async (table) => (table === "sends" ? gate : undefined);
  const waiting = scene.send(ann, channel, "behind");
  await new Promise((resolve) => setTimeout(resolve, 0));
  scene.store.fail(false);
  const failing = await scene.group(eve, []).catch(String);
  expect(failing).toContain("unavailable");
  // The disk works again, and readers bring back what the send needs, but the store was not opened again.
  await scene.store.recover();
  await scene.ask({ kind: "view", user_id: ann, channel });
  for (const user_id of [ann, bob]) await scene.ask({ kind: "own_channel", user_id, channel });
  delete scene.faults.get;
  open();
  expect((await waiting).ok).toBe(false);
  const page = await scene.must({ kind: "history", user_id: ann, channel, own });
  expect(page.messages).toHaveLength(1);
});

test("[I20] asking about channels that do not exist fills no memory", async () => {
  const { scene, ann } = await people();
  await scene.attach(ann);
  for (let n = 0; n < 500; n++) {
    const channel = `g${1_500_000_000_000_000_000n + BigInt(n)}` as never;
    expect((await scene.ask({ kind: "read", user_id: ann, channel, seq: 1 })).ok).toBe(false);
  }
  expect(scene.shard.sizes().owns).toBeLessThanOrEqual(70);
});

test("[D9] a client id more than a day ahead is refused, and a name of every object is a reaction like others", async () => {
  const { scene, ann, bob } = await people();
  const channel = scene.direct(ann, bob);
  scene.time.now += 25 * 3_600_000;
  const client_id = scene.client_id();
  scene.time.now -= 25 * 3_600_000;
  const far = await scene.send(ann, channel, "x", { client_id });
  expect(far.ok ? "ok" : far.refusal.code).toBe("invalid");
  await scene.send(ann, channel, "x");
  for (const emoji of ["constructor", "toString", "__proto__"]) {
    const react = { kind: "react" as const, user_id: bob, channel, seq: 1, emoji };
    expect((await scene.ask({ ...react, on: true })).ok).toBe(true);
    expect((await scene.ask({ ...react, on: false })).ok).toBe(true);
  }
});

test("[I3][R5] a message whose commit has failed is delivered to nobody, nor is the next that has its seq", async () => {
  const { scene, ann, bob, eve } = await people();
  const channel = scene.direct(ann, bob);
  await scene.send(ann, channel, "x");
  await scene.attach(bob);
  scene.store.fail(false);
  await scene.send(ann, channel, "lost");
  await later(scene, 3000);
  expect(scene.shard.failure()).toBeUndefined();
  // Others take its places in the feed; then another one has its seq, and is not durable yet.
  await scene.send(eve, scene.direct(eve, bob), "y");
  const { feed } = await scene.attach(bob);
  scene.store.hold();
  const slow = scene.send(ann, channel, "z");
  await later(scene, 10);
  await scene.must({ kind: "ack", user_id: bob, ...device(bob, 0), pos: feed.head });
  const told = (): number[] =>
    topics(scene)
      .filter(({ type, user_id }) => type === "receipt" && user_id === bob)
      .map(({ delivered }) => delivered as number);
  expect(told()).not.toContain(2);
  scene.store.release();
  await slow;
  await scene.must({ kind: "ack", user_id: bob, ...device(bob, 0), pos: feed.head + 1 });
  await later(scene, 1000);
  expect(told()).toContain(2);
});
