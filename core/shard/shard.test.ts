import { expect, test } from "bun:test";
import type { UserId } from "@damso/protocol/ids";
import { openScene } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";

async function pair(): Promise<{ scene: Scene; ann: UserId; bob: UserId }> {
  const scene = await openScene(3);
  return { scene, ann: scene.people[0] as UserId, bob: scene.people[1] as UserId };
}

const code = (result: { ok: boolean; refusal?: { code: string } }): string =>
  result.refusal?.code ?? "ok";

test("[D1][I3][I22] nothing is answered or told before the commit is durable", async () => {
  const { scene, ann, bob } = await pair();
  await scene.attach(bob);
  const channel = scene.direct(ann, bob);
  await scene.send(ann, channel, "warm");
  scene.events.length = 0;
  scene.store.hold();
  let answered = false;
  const sent = scene.send(ann, channel, "held").then(() => (answered = true));
  await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(answered).toBe(false);
  expect(scene.events).toEqual([]);
  scene.store.release();
  await sent;
  expect(scene.events.map(({ event }) => event["type"])).toEqual(["message"]);
});

test("[I4] a retried send gets its first seq: before its commit, after it, after a restart, and years later", async () => {
  const { scene, ann, bob } = await pair();
  const channel = scene.direct(ann, bob);
  const client_id = scene.client_id();
  const command = { kind: "send" as const, user_id: ann, channel, client_id, body: "once" };
  const both = await Promise.all([scene.must(command), scene.must(command)]);
  expect(both[0]).toEqual(both[1]);
  expect(await scene.must(command)).toEqual(both[0]);
  await scene.restart();
  expect(await scene.must(command)).toEqual(both[0]);
  scene.time.now += 3 * 365 * 24 * 3600 * 1000;
  await scene.restart();
  expect(await scene.must(command)).toEqual(both[0]);
  expect((await scene.must({ kind: "view", user_id: ann, channel })).view.head).toBe(1);
});

test("[I4] a send and its retry that wait for the same lookup after a restart are one message", async () => {
  const { scene, ann, bob } = await pair();
  const channel = scene.direct(ann, bob);
  await scene.send(ann, channel, "before");
  await scene.restart();
  const command = {
    kind: "send" as const,
    user_id: bob,
    channel,
    client_id: scene.client_id(),
    body: "once",
  };
  const [first, second] = await Promise.all([scene.must(command), scene.must(command)]);
  expect([first.seq, second.seq]).toEqual([2, 2]);
});

test("[I4] a client whose clock is ahead sends once too, when the server's time has caught up", async () => {
  const { scene, ann, bob } = await pair();
  const channel = scene.direct(ann, bob);
  scene.time.now += 600_000;
  const client_id = scene.client_id();
  scene.time.now -= 600_000;
  const command = { kind: "send" as const, user_id: ann, channel, client_id, body: "early" };
  const first = await scene.must(command);
  await scene.restart();
  scene.time.now += 600_000;
  await scene.send(bob, channel, "the floor moves");
  expect(await scene.must(command)).toEqual(first);
});

test("[I6][I7][I10] everyone gets one order, dense in seq and in pos", async () => {
  const scene = await openScene(5);
  const [owner, ...others] = scene.people as [UserId, ...UserId[]];
  const channel = await scene.group(owner, others);
  for (const user_id of scene.people) await scene.attach(user_id);
  scene.events.length = 0;
  await Promise.all(
    scene.people.flatMap((from) => [1, 2, 3].map((n) => scene.send(from, channel, `${n}`))),
  );
  for (const user_id of scene.people) {
    const mine = scene.events
      .filter((delivered) => delivered.user_id === user_id)
      .map(({ event }) => event);
    const seqs = mine.map((event) => (event["message"] as { seq: number }).seq);
    expect(seqs).toEqual(Array.from({ length: 15 }, (_, i) => i + 2));
    const first = mine[0]?.["pos"] as number;
    expect(mine.map((event) => event["pos"])).toEqual(seqs.map((_, i) => first + i));
  }
});

test("[I13] after a restart a home is what it was: same pages, same unread", async () => {
  const { scene, ann, bob } = await pair();
  const channel = scene.direct(ann, bob);
  for (let n = 0; n < 300; n++) await scene.send(n % 3 === 0 ? bob : ann, channel, `n ${n}`);
  await scene.must({ kind: "read", user_id: bob, channel, seq: 200 });
  await scene.must({ kind: "delete", user_id: ann, channel, seq: 300 });
  const before = await scene.must({ kind: "own_channel", user_id: bob, channel });
  const rows = scene.store.dump();
  await scene.restart();
  expect(await scene.must({ kind: "own_channel", user_id: bob, channel })).toEqual(before);
  // 67 of ann's in 201..300, less the deleted one.
  expect(before.unread).toBe(66);
  expect(scene.store.dump()).toBe(rows);
});

test("[I24] two starts in a row write nothing", async () => {
  const { scene, ann, bob } = await pair();
  await scene.send(ann, scene.direct(ann, bob), "hello");
  await scene.shard.stop();
  await scene.restart();
  await scene.shard.stop();
  const commits = scene.store.commits();
  await scene.restart();
  await scene.shard.tick();
  expect(scene.store.commits()).toBe(commits);
});

test("[I9] someone who is not a member reads nothing and sends nothing", async () => {
  const { scene, ann, bob } = await pair();
  const eve = scene.people[2] as UserId;
  const channel = await scene.group(ann, [bob]);
  const own = { cleared_to: 0, hidden: [] };
  expect(code(await scene.send(eve, channel, "let me in"))).toBe("not_member");
  expect(code(await scene.ask({ kind: "history", user_id: eve, channel, own }))).toBe("not_member");
  expect(code(await scene.ask({ kind: "message", user_id: eve, channel, seq: 1, own }))).toBe(
    "not_member",
  );
  expect(
    code(await scene.ask({ kind: "react", user_id: eve, channel, seq: 1, emoji: "x", on: true })),
  ).toBe("not_member");
  expect(code(await scene.ask({ kind: "typing", user_id: eve, channel }))).toBe("not_member");
  expect(code(await scene.ask({ kind: "view", user_id: eve, channel }))).toBe("not_member");
});

test("[I22] a failing disk: unavailable, reads go on, and after recovery nothing acknowledged is missing", async () => {
  for (const landed of [true, false]) {
    const { scene, ann, bob } = await pair();
    const channel = scene.direct(ann, bob);
    await scene.send(ann, channel, "kept");
    const command = {
      kind: "send" as const,
      user_id: ann,
      channel,
      client_id: scene.client_id(),
      body: "unknown",
    };
    scene.store.fail(landed);
    expect(code(await scene.ask(command))).toBe("unavailable");
    expect(code(await scene.send(ann, channel, "refused"))).toBe("unavailable");
    const own = { cleared_to: 0, hidden: [] };
    const page = await scene.must({ kind: "history", user_id: bob, channel, own });
    expect(page.messages[0]?.body).toBe("kept");
    scene.time.now += 5000;
    await scene.shard.tick();
    const retried = await scene.must(command);
    expect(retried.seq).toBe(2);
    const after = await scene.must({ kind: "history", user_id: bob, channel, own });
    expect(after.messages.map(({ body }) => body)).toEqual(["kept", "unknown"]);
  }
});

test("[I2][I12] a device that was away gets every entry, in pages", async () => {
  const { scene, ann, bob } = await pair();
  const channel = scene.direct(ann, bob);
  const { feed } = await scene.attach(bob);
  for (let n = 1; n <= 1200; n++) await scene.send(ann, channel, `n ${n}`);
  let pos = feed.head;
  const got: number[] = [];
  for (;;) {
    const page = await scene.must({ kind: "sync", user_id: bob, feed: { id: feed.id, pos } });
    for (const event of page.events) {
      expect(event.pos).toBe(++pos);
      if (event.type === "message") got.push(event.message.seq);
    }
    if (!page.more) break;
  }
  expect(got).toEqual(Array.from({ length: 1200 }, (_, i) => i + 1));
});

test("[I2] a cursor of another feed, above the head, or below the tail is told to reset", async () => {
  const { scene, ann, bob } = await pair();
  await scene.send(ann, scene.direct(ann, bob), "hello");
  const { feed } = await scene.attach(bob);
  const above = await scene.must({
    kind: "sync",
    user_id: bob,
    feed: { id: feed.id, pos: feed.head + 1 },
  });
  expect(above).toEqual({ feed, events: [], more: false, reset: true });
  const foreign = await scene.must({
    kind: "sync",
    user_id: bob,
    feed: { id: "other" as never, pos: 0 },
  });
  expect(foreign.reset).toBe(true);
});

test("[I11] 100,000 Hangul syllables come back as they were sent, with a preview on the way", async () => {
  const { scene, ann, bob } = await pair();
  const channel = scene.direct(ann, bob);
  const body = "가".repeat(100_000);
  await scene.attach(bob);
  await scene.send(ann, channel, body);
  const live = scene.events.find(({ event }) => event["type"] === "message")?.event[
    "message"
  ] as Record<string, unknown>;
  expect(live["truncated"]).toBe(true);
  expect(live["length"]).toBe(100_000);
  const own = { cleared_to: 0, hidden: [] };
  const full = await scene.must({ kind: "message", user_id: bob, channel, seq: 1, own });
  expect(full.body).toBe(body);
  expect(full.truncated).toBeUndefined();
});
