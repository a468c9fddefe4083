import { expect, test } from "bun:test";
import { directChannel } from "@damso/protocol/ids";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import type { FeedRow } from "../tables.ts";
import { renewEpoch } from "./checkpoint.ts";
import type { Command } from "./commands.ts";
import { eventsOf, openShards, turn } from "./shards.testing.ts";
import type { Fate, Shards } from "./shards.testing.ts";

/** Ann lives in shard 0, bob in shard 1, eve in shard 2. */
async function three(): Promise<{ scene: Shards; ann: UserId; bob: UserId; eve: UserId }> {
  const scene = await openShards(3, 3);
  const [ann, bob, eve] = scene.people as [UserId, UserId, UserId];
  return { scene, ann, bob, eve };
}

async function feedOf(scene: Shards, user_id: UserId): Promise<FeedRow[]> {
  const rows = await scene
    .homeStore(user_id)
    .range("feed", { prefix: [user_id], limit: Number.MAX_SAFE_INTEGER });
  expect(rows.map(({ key }) => key[1])).toEqual(rows.map((_, i) => i + 1));
  return rows.map(({ row }) => row);
}

const brief = (rows: readonly FeedRow[]): string[] =>
  rows.map((row) => ("seq" in row ? `${row.kind} ${row.seq}` : row.kind));
const code = (result: { ok: boolean; refusal?: { code: string } }): string =>
  result.refusal?.code ?? "ok";
const tells = (scene: Shards): string[] =>
  scene.nodes.flatMap(({ store }) => store.dump().match(/^tells .*/gm) ?? []);

test("[D4][D14][D23] a direct channel between shards begins for both sides, and both hear what the other writes", async () => {
  const { scene, ann, bob } = await three();
  await scene.attach(bob);
  const channel = directChannel(ann, bob);
  expect(code(await scene.send(ann, channel, "hello"))).toBe("ok");
  await scene.must({ kind: "own_channel", user_id: bob, channel });
  expect(code(await scene.send(bob, channel, "hi"))).toBe("ok");
  await scene.settle();
  for (const user_id of [ann, bob])
    expect(brief(await feedOf(scene, user_id))).toEqual(["channel", "message 1", "message 2"]);
  const live = eventsOf(scene, bob);
  expect(live.map(({ type, pos }) => [type, pos])).toEqual([
    ["channel", 1],
    ["message", 2],
    ["message", 3],
  ]);
  expect(live[0]).toMatchObject({ channel: { id: channel, head: 1, unread: 0 } });
  expect(live[1]).toMatchObject({ message: { body: "hello" }, unread: 1 });
  expect(tells(scene)).toEqual([]);
});

test("[D5][D23][I9] who leaves a group of another shard hears of it, and of nothing later", async () => {
  const { scene, ann, bob, eve } = await three();
  const channel = await scene.group(ann, [bob], 0);
  await scene.must({ kind: "put_member", user_id: ann, channel, member: eve });
  await scene.send(eve, channel, "in");
  await scene.must({ kind: "remove_member", user_id: bob, channel, member: bob });
  await scene.send(eve, channel, "without bob");
  await scene.settle();
  expect(brief(await feedOf(scene, bob))).toEqual([
    "channel",
    "message 1",
    "message 2",
    "channel",
    "message 3",
    "channel_left",
  ]);
  expect(brief(await feedOf(scene, eve)).slice(0, 3)).toEqual([
    "channel",
    "message 2",
    "message 3",
  ]);
  expect(scene.items).toEqual([]);
});

test("[D22][R5] a push and an undelivered mark are noted at the home, whichever shard the channel is in", async () => {
  const { scene, ann, bob } = await three();
  Object.assign(scene.profiles.get(bob) as object, { has_push: true });
  const channel = await scene.group(ann, [bob], 0);
  await scene.attach(bob);
  await scene.send(ann, channel, "wake up");
  await scene.settle();
  expect(scene.pushes).toMatchObject([{ user_id: bob, channel, seq: 2, badge: 1 }]);
  const at = { device_id: `${bob}d0` as never, session_id: `${bob}s0` as never, gateway: "g0" };
  await scene.must({ kind: "ack", user_id: bob, ...at, pos: 3 });
  await turn();
  const { members } = await scene.must({ kind: "opened", user_id: ann, channel });
  expect(members.find(({ user_id }) => user_id === bob)).toMatchObject({ delivered: 2 });
});

test("[D8][D23] what a user of another shard allows is asked of the directory", async () => {
  const { scene, ann, bob, eve } = await three();
  Object.assign(scene.profiles.get(bob) as object, { who_may_message: "nobody" });
  Object.assign(scene.profiles.get(eve) as object, { blocks: new Set([ann]) });
  expect(code(await scene.send(ann, directChannel(ann, bob), "x"))).toBe("forbidden");
  const channel = await scene.group(ann, [], 0);
  const add = { kind: "put_member" as const, user_id: ann, channel };
  expect(code(await scene.ask({ ...add, member: eve }))).toBe("blocked");
  expect(code(await scene.ask({ ...add, member: "1500000000000000009" as UserId }))).toBe(
    "not_found",
  );
  const wide = directChannel(bob, eve);
  scene.placed.set(wide, 0);
  expect(code(await scene.send(bob, wide, "from one shard about another in a third"))).toBe("ok");
  await scene.must({ kind: "block", user_id: eve, channel: wide, on: true });
  expect(code(await scene.send(bob, wide, "x"))).toBe("blocked");
  await scene.settle();
  expect(brief(await feedOf(scene, eve))).toEqual(["channel", "message 1", "channel"]);
});

test("[D7][D11] who cleared or hid a message hears that it changed and not what it says, across shards too", async () => {
  const { scene, ann, bob } = await three();
  await scene.attach(bob);
  const channel = await scene.group(ann, [bob], 0);
  await scene.send(ann, channel, "first");
  expect(code(await scene.ask({ kind: "hide", user_id: bob, channel, seq: 2 }))).toBe("ok");
  await scene.must({ kind: "edit", user_id: ann, channel, seq: 2, body: "secret" });
  await scene.settle();
  expect(eventsOf(scene, bob).at(-1)).toMatchObject({
    type: "message_updated",
    message: { unavailable: true },
  });
  expect(JSON.stringify(eventsOf(scene, bob))).not.toContain("secret");
});

test("[D23][I4][I20] one batch at a time: what is refused, unanswered or doubled takes effect once and in order", async () => {
  const { scene, ann, bob } = await three();
  const channel = await scene.group(ann, [bob], 0);
  await scene.settle();
  const fates: Fate[] = ["lost", "unanswered", "silent", "late", "doubled"];
  const asked: Command<"feed">[] = [];
  scene.fate = (command) => {
    asked.push(command);
    return fates[asked.length - 1] ?? "passed";
  };
  for (let n = 0; n < 10; n++) await scene.send(ann, channel, `m${n}`);
  expect(asked.map((one) => one.tells.length)).toEqual([1]);
  await scene.send(ann, channel, "last");
  for (let n = 0; n < 30; n++) await scene.tick(500);
  for (const run of scene.stragglers.splice(0)) run();
  for (let n = 0; n < 30; n++) await scene.tick(500);
  const sets = asked.map((one) => one.tells.map(({ n }) => n).join());
  expect(sets.slice(0, 4)).toEqual(Array.from({ length: 4 }, () => sets[0] as string));
  await scene.settle();
  const seqs = Array.from({ length: 12 }, (_, i) => `message ${i + 1}`);
  expect(brief(await feedOf(scene, bob))).toEqual(["channel", ...seqs]);
  expect(tells(scene)).toEqual([]);
});

test("[D23][I13] rows left by a source that was killed are sent again by the next owner; a number is used once", async () => {
  const { scene, ann, bob } = await three();
  const channel = await scene.group(ann, [bob], 0);
  scene.fate = () => "lost";
  await scene.send(ann, channel, "kept");
  const before = tells(scene).map((row) => row.split(" ")[1]);
  await scene.restart(0);
  await scene.send(ann, channel, "after");
  const numbers = tells(scene).map((row) => Number(row.split(" ")[1]?.split("/")[1]));
  expect(before.length).toBeGreaterThan(0);
  expect(Math.max(...numbers)).toBeGreaterThan(1000);
  await scene.settle();
  expect(brief(await feedOf(scene, bob))).toEqual([
    "channel",
    "message 1",
    "message 2",
    "message 3",
  ]);
});

test("[D23][I3] nothing is forwarded that is not committed, and what a failed commit left is settled first", async () => {
  for (const landed of [false, true]) {
    const { scene, ann, bob } = await three();
    const channel = await scene.group(ann, [bob], 0);
    await scene.settle();
    scene.nodes[0]?.store.fail(landed);
    expect(code(await scene.send(ann, channel, "unknown"))).toBe("unavailable");
    await turn();
    expect(brief(await feedOf(scene, bob))).toEqual(["channel", "message 1"]);
    await scene.settle();
    const heard = brief(await feedOf(scene, bob)).includes("message 2");
    expect(heard).toBe(landed);
  }
});

test("[D23][I7] a target whose commit fails acknowledges nothing, and takes the batch when it is back", async () => {
  for (const landed of [false, true]) {
    const { scene, ann, bob } = await three();
    const channel = await scene.group(ann, [bob], 0);
    await scene.settle();
    scene.nodes[1]?.store.fail(landed);
    await scene.send(ann, channel, "x");
    await turn();
    expect(tells(scene)).toHaveLength(1);
    await scene.restart(1);
    await scene.nodes[1]?.store.recover();
    await scene.settle();
    expect(brief(await feedOf(scene, bob))).toEqual(["channel", "message 1", "message 2"]);
    expect(tells(scene)).toEqual([]);
  }
});

test("[D24][I15] a read above the home's head waits for what is on its way, or is told to come again", async () => {
  const { scene, ann, bob } = await three();
  const channel = await scene.group(ann, [bob], 0);
  await scene.settle();
  scene.fate = () => "lost";
  for (let n = 0; n < 3; n++) await scene.send(ann, channel, "x");
  const read = { kind: "read" as const, user_id: bob, channel, seq: 4 };
  const early = scene.ask(read);
  const hidden = scene.ask({ kind: "hide", user_id: bob, channel, seq: 4 });
  const cleared = scene.ask({ kind: "set", user_id: bob, channel, set: { cleared_to: 4 } });
  for (let n = 0; n < 6; n++) await scene.tick(500);
  expect([await early, await hidden, await cleared].map(code)).toEqual(["busy", "busy", "busy"]);
  const waiting = scene.ask(read);
  await turn();
  scene.fate = undefined;
  await scene.tick(500);
  expect(code(await waiting)).toBe("ok");
  expect(await scene.must({ kind: "own_channel", user_id: bob, channel })).toMatchObject({
    read: 4,
    unread: 0,
  });
  expect(code(await scene.ask({ ...read, seq: 99 }))).toBe("ok");
});

test("[D24] a home that asks an owner that cannot answer moves no marker", async () => {
  const { scene, ann, bob } = await three();
  const channel = await scene.group(ann, [bob], 0);
  await scene.settle();
  scene.fate = () => "lost";
  await scene.send(ann, channel, "x");
  scene.nodes[0]?.store.fail(false);
  await scene.send(ann, channel, "y");
  expect(code(await scene.ask({ kind: "read", user_id: bob, channel, seq: 2 }))).toBe("busy");
  await scene.settle();
  expect(await scene.must({ kind: "own_channel", user_id: bob, channel })).toMatchObject({
    read: 1,
    unread: 1,
  });
});

/** Bob has more spans of skipped messages than are kept apart: his own are 2, 4, …, ann's 3, 5, … 801. */
async function merged(): Promise<{ scene: Shards; ann: UserId; bob: UserId; channel: ChannelId }> {
  const { scene, ann, bob } = await three();
  const channel = await scene.group(ann, [bob], 0);
  for (let n = 0; n < 400; n++) {
    await scene.send(bob, channel, "own");
    await scene.send(ann, channel, "other");
  }
  await scene.settle();
  return { scene, ann, bob, channel };
}

const unread = async (scene: Shards, user_id: UserId, channel: ChannelId): Promise<number> =>
  (await scene.must({ kind: "own_channel", user_id, channel })).unread;

test("[D12][D24] a deletion that is on its way while its message is hidden counts once", async () => {
  const { scene, ann, bob, channel } = await merged();
  scene.fate = () => "late";
  for (const seq of [3, 801]) await scene.must({ kind: "delete", user_id: ann, channel, seq });
  const asked = [3, 801].map((seq) => scene.ask({ kind: "hide", user_id: bob, channel, seq }));
  await turn();
  await scene.settle();
  expect((await Promise.all(asked)).map(code)).toEqual(["ok", "ok"]);
  expect(await unread(scene, bob, channel)).toBe(398);
});

test("[D12][D24] a deletion that is on its way while its span is counted counts once", async () => {
  const { scene, ann, bob, channel } = await merged();
  scene.fate = () => "late";
  await scene.must({ kind: "delete", user_id: ann, channel, seq: 13 });
  const asked = scene.ask({ kind: "read", user_id: bob, channel, seq: 10 });
  await turn();
  await scene.settle();
  expect(code(await asked)).toBe("ok");
  expect(await unread(scene, bob, channel)).toBe(395);
});

test("[D12][D24] a deletion that arrives while its message is being hidden counts once", async () => {
  const { scene, ann, bob, channel } = await merged();
  scene.fate = () => "late";
  await scene.send(ann, channel, "on its way");
  await scene.send(ann, channel, "behind it, and what the hiding waits for");
  const asked = scene.ask({ kind: "hide", user_id: bob, channel, seq: 13 });
  await turn();
  await scene.must({ kind: "delete", user_id: ann, channel, seq: 13 });
  await scene.settle();
  expect(code(await asked)).toBe("ok");
  expect(await unread(scene, bob, channel)).toBe(401);
});

test("[D1][D23] nothing is acknowledged, and nothing said to have been told, before it is durable", async () => {
  const { scene, ann, bob } = await three();
  const channel = await scene.group(ann, [bob], 0);
  await scene.settle();
  const [source, target] = scene.nodes as [Shards["nodes"][number], Shards["nodes"][number]];
  const answers: string[] = [];
  const note = (name: string, asked: Promise<unknown>): Promise<unknown> =>
    asked.then(() => answers.push(name));
  let copied: Command<"feed"> | undefined;
  scene.fate = (command) => ((copied = command), "passed");
  source.store.hold();
  const sent = scene.send(ann, channel, "x");
  const told = note("told", scene.ask({ kind: "told", shard: 0, target: 1 }));
  await turn();
  expect(answers).toEqual([]);
  target.store.hold();
  source.store.release();
  await Promise.all([sent, told]);
  await turn();
  const again = note("feed", scene.ask(copied as Command<"feed">));
  await turn();
  expect(answers).toEqual(["told"]);
  target.store.release();
  await again;
  expect(brief(await feedOf(scene, bob))).toEqual(["channel", "message 1", "message 2"]);
});

test("[D23][I20] a target that is gone for long makes what would tell it busy, and nothing else", async () => {
  const { scene, ann, bob, eve } = await three();
  const channel = await scene.group(ann, [bob], 0);
  const [away, notes] = [await scene.group(ann, [eve], 0), directChannel(ann, ann)];
  scene.placed.set(notes, 0);
  await scene.settle();
  scene.fate = (command) => (command.shard === 1 ? "silent" : "passed");
  const { shard } = scene.nodes[0] as Shards["nodes"][number];
  const sent = Array.from({ length: 10_500 }, () => scene.send(ann, channel, "x"));
  await sent[0];
  while (shard.sizes().tells < 10_000) await turn();
  expect(code(await scene.send(ann, channel, "one more"))).toBe("busy");
  expect(code(await scene.ask({ kind: "read", user_id: ann, channel, seq: 5 }))).toBe("ok");
  for (const other of [notes, away])
    expect(code(await scene.send(ann, other, "goes on"))).toBe("ok");
  expect(
    code(await scene.ask({ kind: "put_member", user_id: ann, channel: away, member: bob })),
  ).toBe("busy");
  await Promise.all(sent);
  await turn();
  expect(brief(await feedOf(scene, eve))).toEqual(["channel", "message 1", "message 2"]);
});

test("[D15][S6][S9][D23] a store that was restored gets a new epoch: devices are reset, and nothing is given out twice", async () => {
  const { scene, ann, bob } = await three();
  const channel = await scene.group(ann, [bob], 0);
  const { feed } = await scene.attach(ann);
  const { store } = scene.nodes[0] as Shards["nodes"][number];
  await scene.settle();
  const before = (await store.get("checkpoint", [0])) as { ids_below: number };
  await renewEpoch(store, 0, scene.time.now);
  const after = await store.get("checkpoint", [0]);
  expect(after?.ids_below).toBeGreaterThan(before.ids_below);
  expect(after?.client_ids_below).toBeGreaterThan(scene.time.now + 60_000);
  expect(after?.tells_below).toBeGreaterThan(1e15);
  await scene.restart(0);
  const again = await scene.must({
    kind: "sync",
    user_id: ann,
    feed: { id: feed.id, pos: feed.head },
  });
  expect(again).toMatchObject({ reset: true, events: [] });
  await scene.send(ann, channel, "goes on");
  await scene.settle();
  expect(brief(await feedOf(scene, bob)).at(-1)).toBe("message 2");
  await renewEpoch(store, 0, scene.time.now);
  const once = await store.get("checkpoint", [0]);
  await renewEpoch(store, 0, scene.time.now);
  const twice = await store.get("checkpoint", [0]);
  expect(once?.epoch).not.toBe(twice?.epoch);
});
