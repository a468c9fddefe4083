import { expect, test } from "bun:test";
import { device, difference, started } from "../testing/device.ts";
import { answer, refuse } from "../testing/fake-commands.ts";
import { headPos, tell, userOf } from "../testing/fake-tables.ts";
import { ann, bob, bodies, channel, done, scene } from "../testing/scene.testing.ts";

test("two people chat", async () => {
  const { here, server, one } = await scene();
  const two = await started(here, await device(here, server, bob));
  const got: unknown[] = [];
  two.client.on("message", ({ message, live }) => got.push([message.body, live]));
  const sending = one.client.send(one.client.direct(bob), "안녕");
  await here.until(() => got.length === 1 && difference(server, one) === undefined);
  expect((await sending).seq).toBe(1);
  expect(got).toEqual([["안녕", true]]);
  expect(difference(server, two)).toBeUndefined();
  expect(two.client.channel(channel)?.unread).toBe(1);
  two.client.read(channel, 1);
  expect([two.client.channel(channel)?.unread, two.client.unread()]).toEqual([0, 0]);
  await here.until(() => userOf(server.tables, bob).own.get(channel)?.read === 1);
  await here.until(() => difference(server, two) === undefined);
});

test("[D17] what was missed offline arrives in one round trip, marked as not live", async () => {
  const { here, server, one } = await scene();
  const group = server.group(1, [ann, bob]);
  await here.until(() => difference(server, one) === undefined);
  server.kick(ann, 1006);
  await here.advance(15);
  for (const n of [1, 2, 3]) server.say(bob, group, `${n}`);
  const got: unknown[] = [];
  one.client.on("message", ({ message, live }) => got.push([message.body, live]));
  server.heard.length = 0;
  await here.until(() => got.length === 3);
  expect(got).toEqual(["1", "2", "3"].map((body) => [body, false]));
  expect(server.heard.map(({ type }) => type)).toEqual(["hello"]);
});

test("[D15] after a reset the list is loaded anew, and what is not in it is gone", async () => {
  const { here, server, one } = await scene();
  const [kept, gone] = [server.group(1, [ann, bob]), server.group(2, [ann, bob])];
  server.say(bob, kept, "a");
  await here.until(() => difference(server, one) === undefined);
  await done(here, one.client.open(kept));
  const told: unknown[] = [];
  one.client.on("reset", ({ head }) => told.push(["reset", head]));
  one.client.on("channel_left", ({ channel: id }) => told.push(["left", id]));
  server.kick(ann, 1006);
  await here.advance(15);
  const user = userOf(server.tables, ann);
  answer(server.tables, userOf(server.tables, bob), {
    type: "delete",
    id: 0,
    channel: kept,
    seq: 1,
    for: "all",
  });
  server.say(bob, kept, "b");
  user.own.delete(gone);
  server.trim(ann, headPos(user));
  await here.until(() => difference(server, one) === undefined && bodies(one, kept).length === 2);
  expect(told).toEqual([
    ["reset", headPos(user)],
    ["left", gone],
  ]);
  expect(bodies(one, kept)).toEqual([undefined, "b"]);
});

test("[I2] a restart in the middle of a reset loads the list again", async () => {
  const { here, server, one } = await scene();
  for (let n = 1; n <= 9; n++) server.group(n, [ann, bob]);
  await here.until(() => difference(server, one) === undefined);
  server.restore(ann);
  server.kick(ann, 1006);
  await here.until(() => one.disk().cursor?.partial === true);
  const again = await started(here, one.restart());
  await here.until(() => difference(server, again) === undefined);
  expect(again.client.channels()).toHaveLength(9);
});

test("[P2] an event of a later version is counted and ignored", async () => {
  const { here, server, one } = await scene();
  const group = server.group(1, [ann, bob]);
  tell(server.tables, ann, { kind: "news" });
  server.say(bob, group, "after");
  server.push(ann, { type: "confetti", channel: group });
  await here.until(() => difference(server, one) === undefined);
  expect(one.client.channel(group)?.last?.body).toBe("after");
});

test("[I20] acknowledgements are coalesced", async () => {
  const { here, server, one } = await scene();
  const group = server.group(1, [ann, bob]);
  for (let n = 0; n < 120; n++) server.say(bob, group, `${n}`);
  await here.advance(3000);
  const acks = server.heard.filter((frame) => frame.type === "ack").map(({ pos }) => pos);
  expect(acks.at(-1)).toBe(headPos(userOf(server.tables, ann)));
  expect(acks.length).toBeLessThan(6);
  expect(difference(server, one)).toBeUndefined();
});

test("a group is there as soon as it was created", async () => {
  const { here, one } = await scene();
  const made = await done(here, one.client.createGroup({ name: "x", members: [bob] }));
  expect(one.client.channels().map(({ id }) => id)).toEqual([made.id]);
});

test("[D15] a reset that breaks off while the shown channels are read is begun again", async () => {
  const { here, server, one } = await scene();
  const group = server.group(1, [ann, bob]);
  server.say(bob, group, "old");
  server.say(bob, group, "last");
  await here.until(() => difference(server, one) === undefined);
  await done(here, one.client.open(group));
  server.kick(ann, 1006);
  await here.advance(15);
  const bob_ = userOf(server.tables, bob);
  answer(server.tables, bob_, { type: "edit", id: 0, channel: group, seq: 1, body: "new" });
  server.trim(ann, headPos(userOf(server.tables, ann)));
  server.refusals.set("history", refuse("busy"));
  await here.advance(30_000);
  server.refusals.clear();
  await here.advance(30_000);
  expect(bodies(one, group)).toEqual(["new", "last"]);
  expect(difference(server, one)).toBeUndefined();
});
