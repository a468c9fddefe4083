import { expect, test } from "bun:test";
import type { UserId } from "@damso/protocol/ids";
import { device, frames, later, openScene, people, topics } from "./scene.testing.ts";

const own = { cleared_to: 0, hidden: [] };

test("[R4][I23] a watcher hears of coming, of going after the grace, and nothing in between", async () => {
  const { scene, ann, bob } = await people();
  const watch = { kind: "watch" as const, user_id: bob, gateway: "g0", watcher: ann, on: true };
  expect((await scene.must(watch)).state).toBe("offline");
  await scene.attach(bob);
  await scene.must({ kind: "detach", user_id: bob, ...device(bob, 0) });
  await later(scene, 10_000);
  await scene.attach(bob);
  await scene.must({ kind: "detach", user_id: bob, ...device(bob, 0) });
  await later(scene, 19_000);
  expect(frames(scene).map(({ state }) => state)).toEqual(["online"]);
  await later(scene, 2000);
  expect(frames(scene).map(({ state }) => state)).toEqual(["online", "offline"]);
  await scene.must({ ...watch, on: false });
  await scene.attach(bob);
  expect(frames(scene)).toHaveLength(2);
});

test("[R1][I23] a socket that is not heard of any more goes offline by itself", async () => {
  const { scene, ann, bob } = await people();
  await scene.attach(bob);
  const ask = { kind: "presence" as const, user_id: bob, viewer: ann };
  await later(scene, 45_000);
  expect((await scene.must(ask)).state).toBe("online");
  await later(scene, 1000);
  expect((await scene.must(ask)).state).toBe("offline");
});

test("[R9] last active is stored lazily, and survives a restart", async () => {
  const { scene, ann, bob } = await people();
  await scene.attach(bob);
  await scene.must({ kind: "detach", user_id: bob, ...device(bob, 0) });
  await later(scene, 21_000);
  await scene.shard.stop();
  await scene.restart();
  const seen = await scene.must({ kind: "presence", user_id: bob, viewer: ann });
  expect(seen.last_active_at).toBe("2026-11-23T12:00:00.000Z");
});

test("[R9][S12] what a shard with many homes writes when it stops is many commits, each of homes that are whole", async () => {
  const scene = await openScene(40);
  scene.batch_units_max = 1000;
  await scene.restart();
  for (const user_id of scene.people) await scene.attach(user_id);
  const before = scene.store.commits();
  await scene.shard.stop();
  expect(scene.store.commits() - before).toBeGreaterThan(5);
  await scene.restart();
  const [viewer] = scene.people as [UserId];
  for (const user_id of scene.people) {
    const seen = await scene.must({ kind: "presence", user_id, viewer });
    expect(seen.last_active_at).toBe("2026-11-23T12:00:00.000Z");
  }
});

test("[R5] receipts: at once, then once a second, only forward; kept over a restart", async () => {
  const { scene, ann, bob } = await people();
  const channel = scene.direct(ann, bob);
  for (let n = 0; n < 5; n++) await scene.send(ann, channel, "x");
  for (const read of [2, 3, 1])
    await scene.must({ kind: "read", user_id: bob, channel, seq: read });
  expect(topics(scene)).toEqual([
    { type: "receipt", channel, user_id: bob, read: 2, delivered: 2 },
  ]);
  await later(scene, 1000);
  expect(topics(scene).at(-1)).toEqual({
    type: "receipt",
    channel,
    user_id: bob,
    read: 3,
    delivered: 3,
  });
  await scene.shard.stop();
  await scene.restart();
  const view = await scene.must({ kind: "view", user_id: ann, channel });
  expect([view.peer_read, view.peer_delivered]).toEqual([3, 3]);
});

test("[R5] a message is delivered when a device acknowledged its position", async () => {
  const { scene, ann, bob } = await people();
  const channel = scene.direct(ann, bob);
  await scene.attach(bob);
  await scene.send(ann, channel, "x");
  await scene.must({ kind: "ack", user_id: bob, ...device(bob, 0), pos: 2 });
  const view = await scene.must({ kind: "view", user_id: ann, channel });
  expect([view.peer_read, view.peer_delivered]).toEqual([0, 1]);
});

test("[R6] marks reach the store within 60 s, and who gives no receipts leaves none", async () => {
  const { scene, ann, bob } = await people();
  const channel = scene.direct(ann, bob);
  await scene.send(ann, channel, "x");
  await scene.must({ kind: "read", user_id: bob, channel, seq: 1 });
  expect(scene.store.dump()).not.toContain("marks ");
  await later(scene, 31_000);
  expect(scene.store.dump()).toContain(`marks ${channel} `);
  Object.assign(scene.profiles.get(ann) as object, { receipts: false });
  await scene.must({ kind: "account", user_id: ann, changed: "settings" });
  await scene.send(bob, channel, "y");
  await scene.must({ kind: "read", user_id: ann, channel, seq: 2 });
  expect((await scene.must({ kind: "view", user_id: bob, channel })).peer_read).toBe(0);
});

test("[R7][D8] typing reaches the channel's topic, and is refused where writing is", async () => {
  const { scene, ann, bob } = await people();
  const channel = scene.direct(ann, bob);
  await scene.must({ kind: "typing", user_id: ann, channel });
  expect(scene.topics).toEqual([
    {
      topic: `channel.${channel}`,
      frame: { from: ann, frame: JSON.stringify({ type: "typing", channel, user_id: ann }) },
    },
  ]);
  await scene.must({ kind: "block", user_id: bob, channel, on: true });
  expect((await scene.ask({ kind: "typing", user_id: ann, channel })).ok).toBe(false);
});

test("[R8] open answers how far each member is, to members only", async () => {
  const { scene, ann, bob, eve } = await people();
  const channel = await scene.group(ann, [bob]);
  await scene.attach(bob);
  await scene.send(ann, channel, "x");
  await scene.must({ kind: "read", user_id: bob, channel, seq: 2 });
  const { members } = await scene.must({ kind: "opened", user_id: ann, channel });
  expect(members).toEqual([
    { user_id: ann, read: 0, delivered: 0, presence: "offline" },
    { user_id: bob, read: 2, delivered: 2, presence: "online" },
  ]);
  expect((await scene.ask({ kind: "opened", user_id: eve, channel })).ok).toBe(false);
});

test("[I17] a revoked session is closed at its gateway and gets no more events", async () => {
  const { scene, ann, bob } = await people();
  await scene.attach(bob, 0);
  await scene.attach(bob, 1);
  const { session_id } = device(bob, 1);
  await scene.must({ kind: "revoke", user_id: bob, sessions: [session_id] });
  expect(scene.items.filter(({ kind }) => kind === "revoked")).toHaveLength(2);
  scene.events.length = 0;
  await scene.send(ann, scene.direct(ann, bob), "x");
  expect(new Set(scene.events.map(({ gateway }) => gateway))).toEqual(new Set(["g0"]));
});

test("[I17] a gateway that was not told hears of a revoked session in the exchange, over a restart too", async () => {
  const { scene, ann } = await people();
  await scene.attach(ann);
  const { gateway, ...session } = device(ann, 0);
  const { session_id } = session;
  await scene.must({ kind: "revoke", user_id: ann, sessions: [session_id] });
  const told = { kind: "exchange" as const, user_id: ann, gateway };
  const sessions = [{ ...session, active: true }];
  for (const restart of [false, true]) {
    if (restart) await scene.restart();
    expect(await scene.must({ ...told, sessions })).toMatchObject({ revoked: [session_id] });
    expect(await scene.must({ ...told, sessions: [] })).not.toHaveProperty("revoked");
    const again = await scene.ask({
      kind: "attach",
      user_id: ann,
      ...device(ann, 0),
      active: true,
    });
    expect(again).toMatchObject({ ok: false, refusal: { code: "unauthenticated" } });
  }
  expect((await scene.must({ kind: "presence", user_id: ann, viewer: ann })).state).toBe("offline");
});

test("[D7][I9] what someone lost the right to is a place without content", async () => {
  const { scene, ann, bob } = await people();
  const channel = await scene.group(ann, [bob]);
  const { feed } = await scene.attach(bob);
  await scene.send(ann, channel, "secret");
  await scene.send(ann, channel, "cleared");
  await scene.must({ kind: "hide", user_id: bob, channel, seq: 3 });
  const page = await scene.must({
    kind: "sync",
    user_id: bob,
    feed: { id: feed.id, pos: feed.head },
  });
  const shown = page.events.flatMap((event) => (event.type === "message" ? [event.message] : []));
  expect(shown.map(({ body, unavailable }) => [body, unavailable])).toEqual([
    ["secret", undefined],
    [undefined, true],
  ]);
  await scene.must({ kind: "remove_member", user_id: ann, channel, member: bob });
  await scene.must({ kind: "edit", user_id: ann, channel, seq: 2, body: "still secret" });
  const after = await scene.must({
    kind: "sync",
    user_id: bob,
    feed: { id: feed.id, pos: feed.head },
  });
  expect(JSON.stringify(after)).not.toContain("secret");
  expect(after.events.at(-1)).toMatchObject({ type: "channel_left", reason: "removed" });
  await scene.must({ kind: "put_member", user_id: ann, channel, member: bob });
  const again = await scene.must({
    kind: "sync",
    user_id: bob,
    feed: { id: feed.id, pos: feed.head },
  });
  expect(JSON.stringify(again)).not.toContain("secret");
  const history = await scene.must({ kind: "history", user_id: bob, channel, own });
  expect(history.messages.map(({ kind }) => kind)).toEqual(["system"]);
});

test("[I8] a reply stands after what its sender had seen", async () => {
  const { scene, ann, bob } = await people();
  const channel = scene.direct(ann, bob);
  for (let n = 0; n < 20; n++) {
    const first = await scene.must({
      kind: "send",
      user_id: ann,
      channel,
      client_id: scene.client_id(),
      body: "ask",
    });
    const reply = await scene.must({
      kind: "send",
      user_id: bob,
      channel,
      client_id: scene.client_id(),
      body: "answer",
      reply_to: first.seq,
    });
    expect(reply.seq).toBeGreaterThan(first.seq);
  }
});

test("[I5] one device's sends, one unanswered at a time, stand in the order it made them", async () => {
  const { scene, ann, bob, eve } = await people();
  const channel = await scene.group(ann, [bob, eve]);
  const talk = async (user_id: UserId): Promise<number[]> => {
    const seqs: number[] = [];
    for (let n = 0; n < 30; n++) {
      const sent = await scene.must({
        kind: "send",
        user_id,
        channel,
        client_id: scene.client_id(),
        body: `${n}`,
      });
      seqs.push(sent.seq);
    }
    return seqs;
  };
  for (const seqs of await Promise.all([talk(ann), talk(bob), talk(eve)])) {
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  }
});

test("[I25] a hole in a feed is an alarm and a stop, never passed over", async () => {
  const { scene, ann, bob } = await people();
  const channel = scene.direct(ann, bob);
  const { feed } = await scene.attach(bob);
  for (let n = 0; n < 5; n++) await scene.send(ann, channel, "x");
  await scene.store.commit([{ table: "feed", key: [bob, 3], row: null }]);
  const answer = await scene.ask({ kind: "sync", user_id: bob, feed: { id: feed.id, pos: 0 } });
  expect(answer.ok).toBe(false);
  expect(String(scene.warnings[0])).toContain("hole in the feed");
  await scene.restart();
  expect((await scene.ask({ kind: "sync", user_id: bob, feed: { id: feed.id, pos: 0 } })).ok).toBe(
    false,
  );
});

test("[S1] the tables are where the rule says, and the head is nowhere else than in messages", async () => {
  const { scene, ann, bob } = await people();
  const channel = scene.direct(ann, bob);
  await scene.send(ann, channel, "x".repeat(5000));
  const keys = scene.store
    .dump()
    .split("\n")
    .map((line) => line.split(" ").slice(0, 2).join(" "));
  const client = keys.find((key) => key.startsWith("sends "))?.split("/");
  expect(client?.slice(1, 3)).toEqual([String(56 * 12 + 10), ann]);
  const tables = new Set(keys.map((key) => key.split(" ")[0]));
  expect(tables).toEqual(
    new Set([
      "bodies",
      "channels",
      "checkpoint",
      "feed",
      "messages",
      "sends",
      "user_channels",
      "users",
    ]),
  );
  expect(scene.store.dump().match(/channels d\S+ (.*)/)?.[1]).not.toContain('"head"');
});

test("[S12] what is decided while a commit is under way is the next commit, as one", async () => {
  const { scene, ann, bob } = await people();
  const channel = scene.direct(ann, bob);
  await scene.send(ann, channel, "warm");
  const before = scene.store.commits();
  await Promise.all(Array.from({ length: 100 }, () => scene.send(ann, channel, "x")));
  expect(scene.store.commits() - before).toBeLessThanOrEqual(3);
});

test("[S11] a failing disk refuses what writes and answers what reads", async () => {
  const { scene, ann, bob } = await people();
  const channel = scene.direct(ann, bob);
  await scene.send(ann, channel, "kept");
  const { feed } = await scene.attach(bob);
  scene.store.fail(false);
  await scene.send(ann, channel, "lost");
  const codes = async (asked: Promise<{ ok: boolean }>[]): Promise<boolean[]> =>
    (await Promise.all(asked)).map(({ ok }) => ok);
  expect(
    await codes([
      scene.send(bob, channel, "x"),
      scene.ask({ kind: "read", user_id: bob, channel, seq: 1 }),
      scene.ask({ kind: "edit", user_id: ann, channel, seq: 1, body: "y" }),
    ]),
  ).toEqual([false, false, false]);
  expect(
    await codes([
      scene.ask({ kind: "history", user_id: bob, channel, own }),
      scene.ask({ kind: "sync", user_id: bob, feed: { id: feed.id, pos: 0 } }),
      scene.ask({ kind: "own_channels", user_id: bob }),
      scene.ask({ kind: "view", user_id: bob, channel }),
    ]),
  ).toEqual([true, true, true, true]);
});

test("[I18][D5] who is removed is named to the gateways, so that no topic reaches him", async () => {
  const { scene, ann, bob } = await people();
  const channel = await scene.group(ann, [bob]);
  await scene.attach(bob);
  await scene.must({ kind: "remove_member", user_id: ann, channel, member: bob });
  expect(scene.items).toContainEqual({ kind: "left", user_id: bob, channel });
});

test("[D15] lists come newest first, in pages that a cursor goes on from", async () => {
  const { scene, ann } = await people();
  const channels: string[] = [];
  for (let n = 0; n < 7; n++) channels.unshift(await scene.group(ann, []));
  const seen: string[] = [];
  for (let cursor: string | undefined = undefined, on = true; on;) {
    const page: { channels: { channel: string }[]; cursor?: string } = await scene.must({
      kind: "own_channels",
      user_id: ann,
      limit: 3,
      ...(cursor !== undefined && { cursor }),
    });
    seen.push(...page.channels.map(({ channel }) => channel));
    [cursor, on] = [page.cursor, page.cursor !== undefined];
  }
  expect(seen).toEqual(channels);
});
