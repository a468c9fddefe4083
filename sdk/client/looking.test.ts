import { expect, test } from "bun:test";
import { difference } from "../testing/device.ts";
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
