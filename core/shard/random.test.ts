/** Random commands with restarts and failing commits in between, checked from the outside against what was answered. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import type { FeedEvent } from "@damso/protocol/frames/events";
import type { ChannelId, ClientId, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import { openScene } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";

type Step =
  | { do: "send" | "resend"; who: number; where: number }
  | { do: "edit" | "delete" | "hide" | "read" | "react"; who: number; where: number; at: number }
  | { do: "add" | "remove"; who: number }
  | { do: "restart" | "tick" }
  | { do: "fail"; landed: boolean };

const who = fc.nat({ max: 3 });
const where = fc.nat({ max: 1 });
const at = fc.nat({ max: 30 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("send" as const), who, where }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("resend" as const), who, where }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "edit" as const,
        "delete" as const,
        "hide" as const,
        "read" as const,
        "react" as const,
      ),
      who,
      where,
      at,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("add" as const, "remove" as const),
      who: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("restart" as const, "tick" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("fail" as const), landed: fc.boolean() }) },
);

type Attempt = {
  user_id: UserId;
  channel: ChannelId;
  client_id: ClientId;
  body: string;
  seq?: number;
};

async function recover(scene: Scene): Promise<void> {
  scene.time.now += 5000;
  await scene.shard.tick();
}

type Run = { scene: Scene; channels: ChannelId[]; attempts: Attempt[] };

async function attempt(run: Run, one: Attempt): Promise<void> {
  const { seq: _seq, ...send } = one;
  const result = await run.scene.ask({ kind: "send", ...send });
  if (!result.ok) return;
  if (one.seq !== undefined) expect(result.value.seq).toBe(one.seq);
  one.seq = result.value.seq;
}

async function perform(run: Run, step: Step): Promise<void> {
  const { scene, channels, attempts } = run;
  const user_id = scene.people["who" in step ? step.who : 0] as UserId;
  const channel = channels["where" in step ? step.where : 0] as ChannelId;
  switch (step.do) {
    case "send": {
      const one = {
        user_id,
        channel,
        client_id: scene.client_id(),
        body: `body ${attempts.length}`,
      };
      attempts.push(one);
      return attempt(run, one);
    }
    case "resend": {
      const mine = attempts.filter((one) => one.user_id === user_id && one.channel === channel);
      const one = mine[mine.length >> 1];
      return one ? attempt(run, one) : undefined;
    }
    case "edit":
      return void (await scene.ask({
        kind: "edit",
        user_id,
        channel,
        seq: step.at,
        body: `edited ${step.at}`,
      }));
    case "delete":
      return void (await scene.ask({ kind: "delete", user_id, channel, seq: step.at }));
    case "hide":
      return void (await scene.ask({ kind: "hide", user_id, channel, seq: step.at }));
    case "read":
      return void (await scene.ask({ kind: "read", user_id, channel, seq: step.at }));
    case "react":
      return void (await scene.ask({
        kind: "react",
        user_id,
        channel,
        seq: step.at,
        emoji: "👍",
        on: true,
      }));
    case "add":
      return void (await scene.ask({
        kind: "put_member",
        user_id: scene.people[0] as UserId,
        channel: channels[1] as ChannelId,
        member: user_id,
      }));
    case "remove":
      return void (await scene.ask({
        kind: "remove_member",
        user_id: scene.people[0] as UserId,
        channel: channels[1] as ChannelId,
        member: user_id,
      }));
    case "restart":
      return scene.restart();
    case "tick":
      return recover(scene);
    case "fail":
      return scene.store.fail(step.landed);
  }
}

async function feedOf(scene: Scene, user_id: UserId): Promise<FeedEvent[]> {
  const { feed } = await scene.must({
    kind: "attach",
    user_id,
    device_id: "d" as never,
    session_id: user_id as never,
    gateway: "g",
    active: false,
  });
  const events: FeedEvent[] = [];
  for (;;) {
    const page = await scene.must({
      kind: "sync",
      user_id,
      feed: { id: feed.id, pos: events.at(-1)?.pos ?? 0 },
    });
    events.push(...page.events);
    if (!page.more) return events;
  }
}

async function historyOf(scene: Scene, user_id: UserId, channel: ChannelId): Promise<Message[]> {
  const own = { cleared_to: 0, hidden: [] };
  const page = await scene.ask({ kind: "history", user_id, channel, own, limit: 200 });
  return page.ok ? page.value.messages : [];
}

async function checkAll(run: Run): Promise<void> {
  const { scene, channels, attempts } = run;
  const owner = scene.people[0] as UserId;
  for (const channel of channels) {
    const history = await historyOf(scene, owner, channel);
    expect(history.map(({ seq }) => seq)).toEqual(history.map((_, i) => i + 1));
    const sent = history.filter(({ kind }) => kind === "text").map(({ client_id }) => client_id);
    expect(new Set(sent).size).toBe(sent.length);
    for (const one of attempts.filter(
      (each) => each.channel === channel && each.seq !== undefined,
    )) {
      expect(history[(one.seq as number) - 1]?.client_id).toBe(one.client_id);
    }
  }
  for (const user_id of scene.people) await checkUser(scene, user_id);
}

async function checkUser(scene: Scene, user_id: UserId): Promise<void> {
  const events = await feedOf(scene, user_id);
  expect(events.map(({ pos }) => pos)).toEqual(events.map((_, i) => i + 1));
  const { channels } = await scene.must({ kind: "own_channels", user_id, limit: 100 });
  for (const own of channels) {
    const history = await historyOf(scene, user_id, own.channel);
    const hidden = (seq: number): boolean =>
      own.hidden.some(([from, to]) => from <= seq && seq <= to);
    const counted = history.filter(
      ({ seq, kind, sender_id, deleted_at }) =>
        seq > own.read &&
        kind === "text" &&
        sender_id !== user_id &&
        deleted_at === undefined &&
        !hidden(seq),
    );
    expect(own.unread).toBe(counted.length);
    expect(own.head).toBe(history.at(-1)?.seq ?? 0);
    const last = events.findLast((event) => "unread" in event && event.channel === own.channel);
    if (last && "unread" in last) expect(last.unread).toBe(own.unread);
  }
}

test("[I1][I4][I7][I10][I13][I15] random commands, restarts and failed commits lose, double and reorder nothing", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120 }), async (steps) => {
      const scene = await openScene(4);
      const [ann, bob] = scene.people as [UserId, UserId];
      const run: Run = { scene, channels: [scene.direct(ann, bob)], attempts: [] };
      run.channels.push(await scene.group(ann, scene.people.slice(1, 3)));
      // Two at a time, so that commands meet in one commit.
      for (let i = 0; i < steps.length; i += 2) {
        await Promise.all(steps.slice(i, i + 2).map((each) => perform(run, each)));
      }
      await recover(scene);
      for (const one of run.attempts) await attempt(run, one);
      await checkAll(run);
      await scene.restart();
      await checkAll(run);
      const bugs = scene.warnings.filter((warning) => String(warning) !== "Error: the disk failed");
      expect(bugs).toEqual([]);
    }),
    { numRuns: 150 },
  );
}, 120_000);
