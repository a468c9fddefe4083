import { expect, test } from "bun:test";
import * as fc from "fast-check";
import type { DamsoError } from "../errors.ts";
import { device, difference, started } from "../testing/device.ts";
import type { Device } from "../testing/device.ts";
import { refuse } from "../testing/fake-commands.ts";
import { accepted, fakeServer, NO_FAULTS } from "../testing/fake-server.ts";
import { headPos, leave, userOf } from "../testing/fake-tables.ts";
import { ann, bob, channel, done, scene } from "../testing/scene.testing.ts";
import { world } from "../testing/world.ts";

const share = fc.constantFrom(0, 0.1, 0.4);
const faults = fc.record({
  drop: share,
  duplicate: share,
  lose: fc.constantFrom(0, 0.1, 0.3),
  close: fc.constantFrom(0, 0.05, 0.3),
  refuse: share,
  late_ms: fc.constantFrom(0, 500),
});
const steps = fc.array(
  fc.record({ to: fc.nat({ max: 3 }), wait: fc.nat({ max: 900 }), crash: fc.nat({ max: 15 }) }),
  { minLength: 1, maxLength: 30, size: "max" },
);

test("[I4][I5] whatever breaks, every message arrives once and in the order of sending", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), faults, steps, async (seed, bad, story) => {
      const { here, server, one } = await scene(seed);
      const channels = [1, 2, 3].map((n) => server.group(n, [ann, bob])).concat(channel);
      let now = one;
      Object.assign(server.faults, bad);
      for (const [n, { to, wait, crash }] of story.entries()) {
        now.client.sendSoon(channels[to] ?? channel, `${n}`);
        await here.advance(wait);
        // A crash this early may come before the message was stored; it was never shown to be.
        if (crash === 0) now = await started(here, now.restart());
      }
      Object.assign(server.faults, NO_FAULTS);
      const idle = (id: typeof channel): boolean => now.client.pending(id).length === 0;
      await here.until(() => channels.every(idle), 300_000);
      for (const [at, id] of channels.entries()) {
        const sent = [...story.keys()].filter((n) => story[n]?.to === at).map(String);
        expect(accepted(server, ann, id)).toEqual(sent);
      }
      await now.client.stop();
    }),
    { numRuns: 200 },
  );
}, 60_000);

test("[I4] a send whose answer was lost resolves with its first seq", async () => {
  const { here, server, one } = await scene();
  Object.assign(server.faults, { lose: 1, drop: 1 });
  let seq = 0;
  void one.client.send(channel, "once").then((sent) => (seq = sent.seq));
  await here.advance(1000);
  expect(accepted(server, ann, channel)).toEqual(["once"]);
  expect(one.client.pending(channel)[0]?.state).toBe("sending");
  Object.assign(server.faults, NO_FAULTS);
  server.kick(ann, 1006);
  await here.until(() => seq > 0);
  expect(seq).toBe(1);
  expect(accepted(server, ann, channel)).toEqual(["once"]);
});

test("[I5] one send at a time and channel, channels beside each other", async () => {
  const { here, server, one } = await scene();
  const group = server.group(1, [ann, bob]);
  Object.assign(server.faults, { lose: 1, drop: 1 });
  for (const n of [1, 2, 3]) {
    one.client.sendSoon(channel, `${n}`);
    one.client.sendSoon(group, `${n}`);
  }
  await here.advance(1000);
  const sends = server.heard.filter((frame) => frame.type === "send");
  expect(sends.map((frame) => [frame.channel, frame.body])).toEqual([
    [channel, "1"],
    [group, "1"],
  ]);
});

test("a window of three sends three at once", async () => {
  const here = world();
  const server = fakeServer(here);
  const one = await started(here, await device(here, server, ann, { window: 3 }));
  Object.assign(server.faults, { lose: 1, drop: 1 });
  for (const n of [1, 2, 3, 4]) one.client.sendSoon(channel, `${n}`);
  await here.advance(1000);
  expect(server.heard.filter((frame) => frame.type === "send")).toHaveLength(3);
});

test("[I22] a refusal rejects `send` with its code and leaves nothing behind", async () => {
  const { here, server, one } = await scene();
  server.refusals.set("send", refuse("blocked"));
  let code = "";
  one.client.send(channel, "no").catch((error: DamsoError) => (code = error.code));
  await here.until(() => code !== "");
  expect(code).toBe("blocked");
  expect(one.client.pending(channel)).toEqual([]);
  expect(one.disk().outbox.size).toBe(0);
});

test("[I22] a refused message stays as failed, over a restart, until it is retried or removed", async () => {
  const { here, server, one } = await scene();
  server.refusals.set("send", refuse("blocked"));
  const first = one.client.sendSoon(channel, "first");
  const second = one.client.sendSoon(channel, "second");
  const state = (device: Device): unknown =>
    device.client.pending(channel).map((m) => [m.body, m.state, m.code]);
  await here.advance(1000);
  const failed = [
    ["first", "failed", "blocked"],
    ["second", "failed", "blocked"],
  ];
  expect(state(one)).toEqual(failed);
  const again = await started(here, one.restart());
  await here.advance(1000);
  expect(state(again)).toEqual(failed);
  server.refusals.clear();
  again.client.sendSoon(channel, "third");
  again.client.retry(first.client_id);
  expect(again.client.remove(second.client_id)).toBe(true);
  await here.until(() => again.client.pending(channel).length === 0);
  expect(accepted(server, ann, channel)).toEqual(["third", "first"]);
});

test("[D3] a queued message survives a restart before it could be sent, under the same client_id", async () => {
  const { here, server, one } = await scene();
  server.down = true;
  server.kick(ann, 1006);
  await here.advance(1000);
  const { client_id } = one.client.sendSoon(channel, "later");
  await here.advance(10);
  const again = one.restart();
  server.down = false;
  await started(here, again);
  await here.until(() => difference(server, again) === undefined);
  const [message] = again.client.messages(channel).messages;
  expect(message).toBeUndefined();
  expect(server.tables.channels.get(channel)?.messages.map((m) => m.client_id)).toEqual([
    client_id,
  ]);
});

test("[I5] what is queued before the store was read comes after what an earlier run left, also by a clock put back", async () => {
  const { here, server, one } = await scene();
  server.down = true;
  server.kick(ann, 1006);
  one.client.sendSoon(channel, "earlier");
  await here.advance(1000);
  const { now } = here;
  here.now = () => now() - 3_600_000;
  const second = one.restart();
  second.client.sendSoon(channel, "at the start");
  second.client.start().catch(() => {});
  await here.advance(1000);
  second.client.sendSoon(channel, "later");
  await here.advance(1000);
  const order = ["earlier", "at the start", "later"];
  expect(second.client.pending(channel).map(({ body }) => body)).toEqual(order);
  const third = second.restart();
  server.down = false;
  await started(here, third);
  await here.until(() => third.client.pending(channel).length === 0);
  expect(accepted(server, ann, channel)).toEqual(order);
});

test("busy and rate_limited wait as long as they are told", async () => {
  const { here, server, one } = await scene();
  server.refusals.set("send", { ...refuse("rate_limited"), retry_after_ms: 5000 } as never);
  one.client.sendSoon(channel, "x");
  await here.advance(4900);
  expect(server.heard.filter((frame) => frame.type === "send")).toHaveLength(1);
  server.refusals.clear();
  await here.advance(1000);
  expect(accepted(server, ann, channel)).toEqual(["x"]);
});

test("[I21] a refusal is an answer: what is told to wait after it waits no longer than the first time", async () => {
  const { here, server, one } = await scene();
  const wait = { ...refuse("rate_limited"), retry_after_ms: 10 } as never;
  const heard = (): number => server.heard.filter((frame) => frame.type === "send").length;
  const sends = Array.from({ length: 12 }, (_, n) => one.client.sendSoon(channel, `${n}`));
  server.refusals.set("send", wait);
  for (const n of sends.keys()) {
    await here.until(() => heard() > 2 * n, 1000);
    server.refusals.set("send", refuse("blocked"));
    await here.until(() => one.client.pending(channel)[n]?.state === "failed", 1000);
    server.refusals.set("send", wait);
  }
  expect(one.client.pending(channel).map(({ code }) => code)).toEqual(sends.map(() => "blocked"));
});

test("[I21] rate_limited holds the messages of every channel, and the oldest goes first after it", async () => {
  const { here, server, one } = await scene();
  const channels = Array.from({ length: 100 }, (_, n) => server.group(n + 1, [ann, bob]));
  const heard = (): unknown[] =>
    server.heard.filter((frame) => frame.type === "send").map((frame) => frame.body);
  server.refusals.set("send", { ...refuse("rate_limited"), retry_after_ms: 1000 } as never);
  for (const [n, id] of channels.entries()) one.client.sendSoon(id, `${n}`);
  await here.advance(30_000);
  expect(heard().length).toBeGreaterThan(3);
  expect(heard().length).toBeLessThanOrEqual(3 * 30);
  expect(new Set(heard())).toEqual(new Set(["0", "1", "2"]));
  server.refusals.clear();
  await here.until(() => channels.every((id) => one.client.pending(id).length === 0), 60_000);
  for (const [n, id] of channels.entries()) expect(accepted(server, ann, id)).toEqual([`${n}`]);
});

test("a message moves from the queue to the timeline in one step", async () => {
  const { here, server, one } = await scene();
  const group = server.group(1, [ann, bob]);
  await here.advance(1000);
  const opening = one.client.open(group);
  await here.advance(100);
  await opening;
  const seen: string[] = [];
  one.client.subscribe((topic) => {
    if (topic !== `channel:${group}`) return;
    const shown = one.client.messages(group).messages.map((m) => `${m.body}`);
    const pending = one.client.pending(group).map((m) => m.body);
    seen.push([...shown, ...pending].join(" "));
  });
  one.client.sendSoon(group, "a");
  one.client.sendSoon(group, "b");
  await here.advance(1000);
  expect([...new Set(seen)]).toEqual(["a b"]);
});

test("[I20] the queue is bounded", async () => {
  const { server, one } = await scene();
  server.down = true;
  for (let n = 0; n < 1000; n++) one.client.sendSoon(channel, `${n}`);
  expect(() => one.client.sendSoon(channel, "too many")).toThrow("queue_full");
});

test("stopping rejects who waits and keeps what is queued", async () => {
  const { here, server, one } = await scene();
  server.down = true;
  server.kick(ann, 1006);
  await here.advance(1000);
  let code = "";
  one.client.send(channel, "kept").catch((error: DamsoError) => (code = error.code));
  await here.advance(10);
  await one.client.stop();
  expect(code).toBe("stopped");
  expect([...one.disk().outbox.values()].map(({ body }) => body)).toEqual(["kept"]);
});

test("[I21] a message larger than any frame fails, and nothing else waits for it", async () => {
  const { here, server, one } = await scene();
  one.client.sendSoon(channel, "가".repeat(3_000_000));
  one.client.sendSoon(channel, "after");
  await here.until(() => accepted(server, ann, channel).length > 0);
  expect(accepted(server, ann, channel)).toEqual(["after"]);
  expect(one.client.pending(channel)[0]).toMatchObject({ state: "failed", code: "too_large" });
});

test("[I21] a message that a restored server no longer has is sent again, once", async () => {
  const { here, server, one } = await scene();
  await done(here, one.client.send(channel, "kept"));
  server.faults.drop = 1;
  await done(here, one.client.send(channel, "acknowledged"));
  expect(one.client.pending(channel)).toMatchObject([{ body: "acknowledged", state: "sent" }]);
  const stored = server.tables.channels.get(channel);
  const lost = stored?.messages.pop();
  stored?.sends.delete(`${ann} ${lost?.client_id}`);
  server.faults.drop = 0;
  server.restore(ann);
  server.kick(ann, 1006);
  await here.until(() => one.client.pending(channel).length === 0);
  expect(accepted(server, ann, channel)).toEqual(["kept", "acknowledged"]);
});

test("[I21] an acknowledged message of a channel that was left meanwhile is on its way no longer", async () => {
  const { here, server, one } = await scene();
  const group = server.group(1, [ann, bob]);
  await here.until(() => one.client.channel(group) !== undefined);
  server.faults.drop = 1;
  await done(here, one.client.send(group, "acknowledged"));
  expect(one.client.pending(group)).toMatchObject([{ state: "sent" }]);
  const killed = one.restart();
  const left = server.tables.channels.get(group);
  if (left) leave(server.tables, left, ann);
  // The device reads its list anew: it is never told that it left.
  server.trim(ann, headPos(userOf(server.tables, ann)));
  server.faults.drop = 0;
  // Once while nothing is answered, so that there is nothing to forget; then with a list that it is not in.
  server.refusals.set("send", refuse("busy"));
  const between = await started(here, killed);
  await here.until(() => between.client.channel(group) === undefined);
  server.refusals.clear();
  const again = await started(here, between.restart());
  await here.until(() => again.client.pending(group).length === 0, 10_000);
  expect(again.client.channel(group)).toBeUndefined();
  expect(accepted(server, ann, group)).toEqual(["acknowledged"]);
});
