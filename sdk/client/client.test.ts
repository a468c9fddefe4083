import { expect, test } from "bun:test";
import { directChannel } from "@damso/protocol/ids";
import type { ConnectionState } from "../api.ts";
import type { DamsoError } from "../errors.ts";
import type { Store } from "../store/port.ts";
import { memoryStore } from "../store/memory.ts";
import { device, difference, started } from "../testing/device.ts";
import type { Device } from "../testing/device.ts";
import { answer } from "../testing/fake-commands.ts";
import { headPos, tell, userOf } from "../testing/fake-tables.ts";
import { fakeServer } from "../testing/fake-server.ts";
import type { FakeServer } from "../testing/fake-server.ts";
import { userId } from "../testing/records.ts";
import { world } from "../testing/world.ts";
import type { World } from "../testing/world.ts";

const [ann, bob] = [userId(1), userId(2)];
const channel = directChannel(ann, bob);

type Scene = { here: World; server: FakeServer; one: Device };

async function scene(): Promise<Scene> {
  const here = world();
  const server = fakeServer(here);
  return { here, server, one: await started(here, await device(here, server, ann)) };
}

/** Runs the world until a call has answered. */
async function done<T>(here: World, call: Promise<T>): Promise<T> {
  let over = false;
  call.then(
    () => (over = true),
    () => (over = true),
  );
  await here.until(() => over);
  return call;
}

const bodies = (one: Device, id = channel): unknown[] =>
  one.client.messages(id).messages.map((m) => m.body);

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

test("history comes from the server once and from the store afterwards, also offline", async () => {
  const { here, server, one } = await scene();
  const group = server.group(1, [ann, bob]);
  for (let n = 1; n <= 30; n++) server.say(bob, group, `${n}`);
  const two = await started(here, await device(here, server, bob));
  await here.until(() => difference(server, two) === undefined);
  const asked = (): number => server.heard.filter((frame) => frame.type === "history").length;
  const page = await done(here, two.client.history(group, { limit: 10 }));
  expect([page.messages.length, page.more_before, page.more_after]).toEqual([10, true, false]);
  const older = await done(here, two.client.history(group, { before: 21, limit: 10 }));
  expect(older.messages[0]?.seq).toBe(11);
  expect(two.client.messages(group).messages.map((m) => m.seq)).toHaveLength(20);
  expect(asked()).toBe(2);
  await done(here, two.client.history(group, { around: 20, limit: 6 }));
  await done(here, two.client.history(group, { after: 12, limit: 5 }));
  expect(asked()).toBe(2);
  server.down = true;
  server.kick(bob, 1006);
  await here.advance(1000);
  const offline = await done(here, two.client.history(group, { before: 13, limit: 10 }));
  expect(offline.messages.map((m) => m.seq)).toEqual([11, 12]);
  expect(one.client.state().name).toBe("online");
});

test("[I16] a page that was overtaken by an edit and a deletion does not bring the old text back", async () => {
  const { here, server, one } = await scene();
  const group = server.group(1, [ann, bob]);
  for (let n = 1; n <= 3; n++) server.say(bob, group, `${n}`);
  const two = await started(here, await device(here, server, ann));
  await here.until(() => difference(server, two) === undefined);
  server.refusals.set("history", {
    type: "messages",
    channel: group,
    messages: [...(server.tables.channels.get(group)?.messages ?? [])],
    head: 3,
    more_before: false,
    more_after: false,
  });
  const loading = two.client.history(group);
  const by = userOf(server.tables, bob);
  answer(server.tables, by, { type: "edit", id: 0, channel: group, seq: 1, body: "new" });
  answer(server.tables, userOf(server.tables, ann), {
    type: "delete",
    id: 0,
    channel: group,
    seq: 2,
    for: "me",
  });
  await done(here, loading);
  await here.until(() => difference(server, two) === undefined);
  expect(bodies(two, group)).toEqual(["new", "3"]);
  expect(one.client.state().name).toBe("online");
});

test("[I11] a long text is a preview until its body is asked for, and whole on the device that sent it", async () => {
  const { here, server, one } = await scene();
  const two = await started(here, await device(here, server, bob));
  const long = "가".repeat(100_000);
  await done(here, one.client.send(channel, long));
  await here.until(() => difference(server, two) !== undefined);
  await done(here, one.client.open(channel));
  await done(here, two.client.open(channel));
  expect(one.client.messages(channel).messages[0]?.body).toBe(long);
  expect(two.client.messages(channel).messages[0]).toMatchObject({
    truncated: true,
    length: 100_000,
  });
  expect((await done(here, two.client.body(channel, 1))).body).toBe(long);
  expect(two.client.messages(channel).messages[0]?.truncated).toBeUndefined();
  answer(server.tables, userOf(server.tables, bob), {
    type: "react",
    id: 0,
    channel,
    seq: 1,
    emoji: "👍",
    on: true,
  });
  await here.until(() => two.client.messages(channel).messages[0]?.rev === 2);
  expect(two.client.messages(channel).messages[0]?.body).toBe(long);
});

test("the state is told as it changes", async () => {
  const here = world();
  const server = fakeServer(here);
  const one = await device(here, server, ann);
  const states: ConnectionState["name"][] = [];
  one.client.on("state", ({ name }) => states.push(name));
  await started(here, one);
  server.kick(ann, 1006);
  await here.advance(1000);
  server.down = true;
  server.kick(ann, 1006);
  await here.advance(1000);
  one.setNetwork(false);
  await here.advance(1000);
  server.down = false;
  one.setNetwork(true);
  await here.until(() => one.client.state().name === "online");
  server.kick(ann, 4009);
  await here.advance(1000);
  expect(states.filter((name, at) => name !== states[at - 1]).join(" ")).toMatch(
    /^connecting online waiting connecting online (waiting |connecting |offline )+connecting online closed$/,
  );
  expect(states).toContain("offline");
  expect(one.client.state()).toEqual({ name: "closed", reason: "replaced" });
});

test("[I17] a client whose session has ended refuses to send", async () => {
  const { here, server, one } = await scene();
  server.kick(ann, 4001);
  await here.until(() => one.client.state().name === "closed");
  expect(() => one.client.sendSoon(channel, "x")).toThrow("session_ended");
  const code = await one.client.send(channel, "x").catch((error: DamsoError) => error.code);
  expect(code).toBe("session_ended");
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

test("a group is there as soon as it was created", async () => {
  const { here, one } = await scene();
  const made = await done(here, one.client.createGroup({ name: "x", members: [bob] }));
  expect(one.client.channels().map(({ id }) => id)).toEqual([made.id]);
});

test("an access token is renewed before it ends, and the app is told", async () => {
  const { here, server, one } = await scene();
  const renewed: string[] = [];
  one.client.on("session", ({ access_token = "" }) => renewed.push(access_token));
  await here.advance(900_000);
  server.kick(ann, 1006);
  await here.advance(2000);
  expect(renewed).toHaveLength(1);
  expect(one.client.state().name).toBe("online");
});

test("a token that the server does not know any more is renewed and shown again", async () => {
  const here = world();
  const server = fakeServer(here);
  server.expires_in = 100_000;
  const one = await device(here, server, ann);
  server.tokens.delete(one.session.access_token ?? "");
  await started(here, one);
  expect(server.heard.map(({ type }) => type).slice(0, 2)).toEqual(["hello", "hello"]);
});

test("a refresh token that is used up ends the session", async () => {
  const here = world();
  const server = fakeServer(here);
  const one = await device(here, server, ann);
  server.tokens.clear();
  let code = "";
  one.client.start().catch((error: DamsoError) => (code = error.code));
  await here.until(() => one.client.state().name === "closed");
  expect([code, one.client.state()]).toEqual([
    "session_ended",
    { name: "closed", reason: "session_ended" },
  ]);
});

test("logging out leaves nothing on the device", async () => {
  const { here, server, one } = await scene();
  await done(here, one.client.send(channel, "a"));
  await here.until(() => difference(server, one) === undefined);
  await done(here, one.client.logOut());
  expect(one.disk()).toMatchObject({ cursor: undefined, channels: new Map(), messages: new Map() });
});

test("a store that fails is told once, and the chat goes on in memory", async () => {
  const here = world();
  const server = fakeServer(here);
  const broken: Store = { ...memoryStore(), apply: () => Promise.reject(new Error("disk full")) };
  const one = await started(here, await device(here, server, ann, { store: broken }));
  const errors: string[] = [];
  one.client.on("error", ({ code }) => errors.push(code));
  await done(here, one.client.open(channel));
  await done(here, one.client.send(channel, "a"));
  await here.advance(3000);
  expect(bodies(one)).toEqual(["a"]);
  expect(errors).toEqual([]);
  expect(server.heard.some((frame) => frame.type === "ack")).toBe(false);
});

test("a store that cannot be opened is replaced by memory", async () => {
  const here = world();
  const server = fakeServer(here);
  const one = await device(here, server, ann);
  one.environment.openStore = () => Promise.reject(new Error("private window"));
  const errors: string[] = [];
  one.client.on("error", ({ code }) => errors.push(code));
  await started(here, one);
  await done(here, one.client.send(channel, "a"));
  expect(errors).toEqual(["store_failed"]);
});
