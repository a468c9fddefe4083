/** Random commands over several shards, with a bad network, restarts and failing commits, checked against what was stored. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { directChannel } from "@damso/protocol/ids";
import type { ChannelId, ClientId, Seq, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import type { FeedRow } from "../tables.ts";
import { openShards, turn } from "./shards.testing.ts";
import type { Fate, Shards } from "./shards.testing.ts";

const SHARDS = 3;
const PEOPLE = 5;

type Step =
  | { do: "send" | "resend"; who: number; where: number }
  | { do: "edit" | "delete" | "hide" | "read" | "clear"; who: number; where: number; at: number }
  | { do: "add" | "remove"; who: number }
  | { do: "restart"; shard: number }
  | { do: "fail"; shard: number; landed: boolean }
  | { do: "fates"; fates: Fate[] }
  | { do: "stragglers"; rotate: number }
  | { do: "tick" };

const who = fc.nat({ max: PEOPLE - 1 });
const where = fc.nat({ max: 2 });
const shard = fc.nat({ max: SHARDS - 1 });
const at = fc.integer({ min: 1, max: 25 });
const fate = fc.constantFrom<Fate>("passed", "lost", "unanswered", "silent", "doubled", "late");
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant("send" as const), who, where }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("resend" as const), who, where }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "edit" as const,
        "delete" as const,
        "hide" as const,
        "read" as const,
        "clear" as const,
      ),
      who,
      where,
      at,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("add" as const, "remove" as const),
      who: fc.integer({ min: 1, max: PEOPLE - 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const), shard }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("fail" as const), shard, landed: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("fates" as const),
      fates: fc.array(fate, { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("stragglers" as const), rotate: fc.nat({ max: 5 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("tick" as const) }) },
);

type Attempt = { user_id: UserId; channel: ChannelId; client_id: ClientId; body: string };
type Run = {
  scene: Shards;
  channels: ChannelId[];
  attempts: (Attempt & { seq?: Seq })[];
  pending: Promise<unknown>[];
};

async function attempt(run: Run, one: Run["attempts"][number]): Promise<void> {
  const { seq: _seq, ...send } = one;
  const result = await run.scene.ask({ kind: "send", ...send });
  if (!result.ok) return;
  if (one.seq !== undefined) expect(result.value.seq).toBe(one.seq);
  one.seq = result.value.seq;
}

function perform(run: Run, step: Step): Promise<unknown> | undefined {
  const { scene, channels, attempts } = run;
  const user_id = scene.people["who" in step ? step.who : 0] as UserId;
  const channel = channels["where" in step ? step.where : 0] as ChannelId;
  const own = { user_id, channel, seq: "at" in step ? step.at : 0 };
  const group = { user_id: scene.people[0] as UserId, channel: channels[1] as ChannelId };
  switch (step.do) {
    case "send": {
      const client_id = scene.client_id();
      const one = { user_id, channel, client_id, body: `body ${attempts.length}` };
      attempts.push(one);
      return attempt(run, one);
    }
    case "resend": {
      const mine = attempts.filter((one) => one.user_id === user_id && one.channel === channel);
      const one = mine[mine.length >> 1];
      return one && attempt(run, one);
    }
    case "edit":
      return scene.ask({ kind: "edit", ...own, body: `edited ${step.at}` });
    case "delete":
    case "hide":
    case "read":
      return scene.ask({ kind: step.do, ...own });
    case "clear":
      return scene.ask({ kind: "set", user_id, channel, set: { cleared_to: step.at } });
    case "add":
      return scene.ask({ kind: "put_member", ...group, member: user_id });
    case "remove":
      return scene.ask({ kind: "remove_member", ...group, member: user_id });
    case "restart":
      return scene.restart(step.shard);
    case "fail":
      scene.nodes[step.shard]?.store.fail(step.landed);
      return undefined;
    case "fates": {
      const fates = [...step.fates];
      scene.fate = () => fates.shift() ?? "passed";
      return undefined;
    }
    case "stragglers": {
      const late = scene.stragglers.splice(0);
      for (let n = 0; n < late.length; n++) late[(n + step.rotate) % late.length]?.();
      return undefined;
    }
    case "tick":
      return scene.tick();
  }
}

async function historyOf(scene: Shards, channel: ChannelId): Promise<Message[]> {
  const rows = await scene
    .homeStore(channel)
    .range("messages", { prefix: [channel], limit: Number.MAX_SAFE_INTEGER });
  return rows.map(({ row }) => row);
}

/** Who was a member at each seq, as the system messages say: what the feeds are held against. */
function membersBySeq(channel: ChannelId, history: readonly Message[]): Set<string>[] {
  const members = new Set<string>(channel.startsWith("d") ? channel.slice(1).split(".") : []);
  return history.map(({ system }) => {
    const { event, users = [] } = system ?? { event: undefined };
    for (const user_id of users) {
      if (event === "created" || event === "joined") members.add(user_id);
      if (event === "left" || event === "removed") members.delete(user_id);
    }
    return new Set(members);
  });
}

type Seen = { seqs: Seq[]; inside: boolean };

/** Reads a feed as a device would, and answers the seqs of each channel that it names, in order. */
async function feedOf(scene: Shards, user_id: UserId): Promise<Map<string, Seq[]>> {
  const rows = await scene
    .homeStore(user_id)
    .range("feed", { prefix: [user_id], limit: Number.MAX_SAFE_INTEGER });
  expect(rows.map(({ key }) => key[1])).toEqual(rows.map((_, i) => i + 1));
  const seen = new Map<string, Seen>();
  for (const { row } of rows) if (row.kind !== "account") note(seen, row);
  return new Map([...seen].map(([channel, { seqs }]) => [channel, seqs]));
}

function note(seen: Map<string, Seen>, row: Exclude<FeedRow, { kind: "account" }>): void {
  const known = seen.get(row.channel) ?? { seqs: [], inside: false };
  seen.set(row.channel, known);
  if (row.kind === "channel" && row.joined) {
    expect(known.inside).toBe(false);
    known.inside = true;
    return;
  }
  // The first entry of a channel says what it is, and there is none after the one that says it was left.
  expect([row.channel, row.kind, known.inside]).toEqual([row.channel, row.kind, true]);
  if (row.kind === "channel_left") known.inside = false;
  if (row.kind === "message") known.seqs.push(row.seq);
}

async function checkFeeds(run: Run): Promise<void> {
  const { scene, channels } = run;
  const feeds = new Map<UserId, Map<string, Seq[]>>();
  for (const user_id of scene.people) feeds.set(user_id, await feedOf(scene, user_id));
  for (const channel of channels) {
    const history = await historyOf(scene, channel);
    expect(history.map(({ seq }) => seq)).toEqual(history.map((_, i) => i + 1));
    const members = membersBySeq(channel, history);
    for (const user_id of scene.people) {
      const due = history.filter((_, i) => members[i]?.has(user_id)).map(({ seq }) => seq);
      expect(feeds.get(user_id)?.get(channel) ?? []).toEqual(due);
    }
    for (const one of run.attempts.filter((each) => each.channel === channel && each.seq))
      expect(history[(one.seq as Seq) - 1]?.client_id).toBe(one.client_id);
  }
}

async function checkUnread(scene: Shards, user_id: UserId): Promise<void> {
  const { channels } = await scene.must({ kind: "own_channels", user_id, limit: 100 });
  for (const own of channels) {
    const history = await historyOf(scene, own.channel);
    const hidden = (seq: Seq): boolean => own.hidden.some(([from, to]) => from <= seq && seq <= to);
    const counted = history.filter(
      ({ seq, kind, sender_id, deleted_at }) =>
        seq > own.read &&
        kind === "text" &&
        sender_id !== user_id &&
        deleted_at === undefined &&
        !hidden(seq),
    );
    expect(own.head).toBe(history.at(-1)?.seq ?? 0);
    expect([own.channel, own.unread]).toEqual([own.channel, counted.length]);
  }
}

/** What faults are reported as; anything else is a bug. */
const EXPECTED = /the disk failed|no answer|cannot be read: unavailable/;

async function checkAll(run: Run): Promise<void> {
  const { scene } = run;
  await checkFeeds(run);
  for (const user_id of scene.people) await checkUnread(scene, user_id);
  for (const { store, shard: owner } of scene.nodes) {
    expect(store.dump()).not.toContain("\ntells ");
    expect(owner.sizes().tells).toBe(0);
  }
  expect(scene.warnings.filter((warning) => !EXPECTED.test(String(warning)))).toEqual([]);
}

async function begin(): Promise<Run> {
  const scene = await openShards(SHARDS, PEOPLE);
  const [ann, bob, , dan] = scene.people as [UserId, UserId, UserId, UserId];
  const pair = directChannel(ann, bob);
  // A direct channel in a shard where neither of the two lives, and one between two of one shard.
  scene.placed.set(pair, 2);
  const near = directChannel(ann, dan);
  scene.placed.set(near, 0);
  const group = await scene.group(ann, scene.people.slice(1, 4), 1);
  return { scene, channels: [pair, group, near], attempts: [], pending: [] };
}

test("[D5][D23][I1][I4][I6][I7][I10][I13][I15] whatever the network and the disks do, every home ends up with every message once and in order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120 }), async (steps) => {
      const run = await begin();
      for (const each of steps) {
        const under_way = perform(run, each);
        if (under_way && each.do !== "restart") run.pending.push(under_way);
        else await under_way;
        // Some meet in one commit, some do not.
        if (run.pending.length % 3 === 0) await turn();
      }
      await run.scene.settle();
      await Promise.all(run.pending);
      for (const one of run.attempts) await attempt(run, one);
      await run.scene.settle();
      await checkAll(run);
      for (let n = 0; n < SHARDS; n++) await run.scene.restart(n);
      await checkAll(run);
    }),
    { numRuns: 60 },
  );
}, 120_000);
