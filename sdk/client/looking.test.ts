import { expect, test } from "bun:test";
import type { DamsoError } from "../errors.ts";
import { difference } from "../testing/device.ts";
import { refuse } from "../testing/fake-commands.ts";
import { ann, bob, bodies, channel, done, scene } from "../testing/scene.testing.ts";

test("[D4] a chat that nobody has begun can be opened, and comes to life with its first message", async () => {
  const { here, server, one } = await scene();
  await done(here, one.client.open(channel));
  expect(one.client.messages(channel)).toEqual({
    messages: [],
    more_before: false,
    more_after: false,
  });
  one.client.sendSoon(channel, "first");
  await here.until(() => bodies(one).length === 1);
  await here.advance(1000);
  expect(server.heard.filter((frame) => frame.type === "open")).toHaveLength(2);
  expect([...one.client.receiptsOf(channel).keys()].sort()).toEqual([ann, bob]);
});

test("what was looked at is looked at again after a break", async () => {
  const { here, server, one } = await scene();
  const group = server.group(1, [ann, bob]);
  await here.until(() => difference(server, one) === undefined);
  await done(here, one.client.open(group));
  one.client.watch([bob]);
  await here.advance(100);
  server.heard.length = 0;
  server.kick(ann, 1006);
  await here.advance(1000);
  const types = server.heard.map(({ type }) => type);
  expect(types.filter((type) => type === "watch" || type === "open")).toEqual(["watch", "open"]);
});

test("[R7] typing is told at most every three seconds, shown for five, and ends with the message", async () => {
  const { here, server, one } = await scene();
  const group = server.group(1, [ann, bob]);
  await here.until(() => difference(server, one) === undefined);
  for (let n = 0; n < 70; n++) {
    one.client.typing(group);
    await here.advance(100);
  }
  expect(server.heard.filter((frame) => frame.type === "typing")).toHaveLength(3);
  server.push(ann, { type: "typing", channel: group, user_id: bob });
  await here.advance(100);
  expect(one.client.typingIn(group)).toEqual([bob]);
  await here.advance(5000);
  expect(one.client.typingIn(group)).toEqual([]);
  server.push(ann, { type: "typing", channel: group, user_id: bob });
  await here.advance(10);
  server.say(bob, group, "done");
  await here.advance(100);
  expect(one.client.typingIn(group)).toEqual([]);
});

test("[R5] receipts only rise and reach the channel of a direct chat", async () => {
  const { here, server, one } = await scene();
  await done(here, one.client.send(channel, "a"));
  await done(here, one.client.send(channel, "b"));
  await here.until(() => difference(server, one) === undefined);
  await done(here, one.client.open(channel));
  const push = (read: number): void =>
    server.push(ann, { type: "receipt", channel, user_id: bob, read });
  push(2);
  push(1);
  await here.advance(100);
  expect(one.client.receiptsOf(channel).get(bob)).toEqual({ read: 2, delivered: 2 });
  expect(one.client.channel(channel)?.peer_read).toBe(2);
  one.client.close(channel);
  expect(one.client.receiptsOf(channel).get(bob)).toEqual({ read: 2, delivered: 2 });
});

test("presence is what was told last", async () => {
  const { here, server, one } = await scene();
  const topics: string[] = [];
  one.client.subscribe((topic) => topics.push(topic));
  server.push(ann, { type: "presence", user_id: bob, state: "online" });
  server.push(ann, {
    type: "presence",
    user_id: bob,
    state: "offline",
    last_active_at: "2026-01-01T00:00:00.000Z",
  });
  await here.advance(100);
  expect(one.client.presenceOf(bob)).toEqual({
    user_id: bob,
    state: "offline",
    last_active_at: "2026-01-01T00:00:00.000Z",
  });
  expect(topics).toContain("presence");
});

test("what is opened without a network is looked at with the next connection, and no stop breaks it", async () => {
  const { here, server, one } = await scene();
  const group = server.group(1, [ann, bob]);
  await here.until(() => difference(server, one) === undefined);
  await done(here, one.client.open(group));
  one.client.close(group);
  server.down = true;
  server.kick(ann, 1006);
  await here.advance(100);
  server.heard.length = 0;
  let code = "";
  await done(here, one.client.open(group));
  one.client.open(server.group(2, [ann])).catch((error: DamsoError) => (code = error.code));
  server.down = false;
  await here.until(() => one.client.state().name === "online");
  await here.advance(15);
  const opened = server.heard.filter((frame) => frame.type === "open" && frame.channel === group);
  expect(opened).toHaveLength(1);
  server.down = true;
  server.kick(ann, 1006);
  await here.advance(100);
  one.client.open(server.group(3, [ann])).catch((error: DamsoError) => (code = error.code));
  await here.advance(100);
  await one.client.stop();
  await here.advance(100);
  expect(code).toBe("stopped");
});

test("a channel that was closed before it was open is closed on the server too", async () => {
  const { here, server, one } = await scene();
  const group = server.group(1, [ann, bob]);
  await here.until(() => difference(server, one) === undefined);
  server.refusals.set("open", { ...refuse("busy"), retry_after_ms: 1000 } as never);
  const opening = one.client.open(group);
  await here.advance(100);
  one.client.close(group);
  server.refusals.clear();
  await done(here, opening);
  await here.advance(100);
  const asked = server.heard.map(({ type }) => type);
  expect(asked.lastIndexOf("close")).toBeGreaterThan(asked.lastIndexOf("open"));
});

test("[R5] the ticks of a direct chat do not go away while it is being opened", async () => {
  const { here, server, one } = await scene();
  await done(here, one.client.send(channel, "a"));
  await done(here, one.client.open(channel));
  server.push(ann, { type: "receipt", channel, user_id: bob, read: 1 });
  await here.advance(100);
  one.client.close(channel);
  const opening = one.client.open(channel);
  expect(one.client.receiptsOf(channel).get(bob)).toEqual({ read: 1, delivered: 1 });
  await done(here, opening);
});
