import { expect, test } from "bun:test";
import type { ClientId } from "@damso/protocol/ids";
import type { DamsoError } from "../errors.ts";
import { device, difference, started } from "../testing/device.ts";
import { answer, refuse } from "../testing/fake-commands.ts";
import { headPos, userOf } from "../testing/fake-tables.ts";
import { fakeServer } from "../testing/fake-server.ts";
import { ann, bob, bodies, channel, done, scene } from "../testing/scene.testing.ts";
import { world } from "../testing/world.ts";

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

test("a stretch that a reader has hidden for himself is passed over, both ways, from the server and from the store", async () => {
  const { here, server } = await scene();
  const group = server.group(1, [ann, bob]);
  for (let n = 1; n <= 20; n++) server.say(bob, group, `${n}`);
  const by = userOf(server.tables, ann);
  const hide = (seq: number): unknown =>
    answer(server.tables, by, { type: "delete", id: 0, channel: group, seq, for: "me" });
  for (const seq of [1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 17, 18, 19, 20]) hide(seq);
  const two = await started(here, await device(here, server, ann));
  await here.until(() => difference(server, two) === undefined);
  const seqs = async (query: object): Promise<[number[], boolean, boolean]> => {
    const page = await done(here, two.client.history(group, { ...query, limit: 3 }));
    return [page.messages.map((m) => m.seq), page.more_before, page.more_after];
  };
  for (let turn = 0; turn < 2; turn++) {
    expect(await seqs({})).toEqual([[15, 16], true, false]);
    expect(await seqs({ before: 14 })).toEqual([[5], true, true]);
    expect(await seqs({ before: 4 })).toEqual([[], false, true]);
    expect(await seqs({ after: 5 })).toEqual([[14], true, true]);
    expect(await seqs({ after: 16 })).toEqual([[], true, false]);
    expect(await seqs({ around: 9 })).toEqual([[], true, true]);
  }
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

test("[D11] a body that arrives after its message was hidden does not bring it back", async () => {
  const { here, server, one } = await scene();
  const two = await started(here, await device(here, server, bob));
  await done(here, one.client.send(channel, "가".repeat(10_000)));
  await here.until(() => two.client.channel(channel) !== undefined);
  await done(here, two.client.open(channel));
  const fetching = two.client.body(channel, 1).catch((error: DamsoError) => error.code);
  answer(server.tables, userOf(server.tables, bob), {
    type: "delete",
    id: 0,
    channel,
    seq: 1,
    for: "me",
  });
  expect(await done(here, fetching)).toBe("not_found");
  await here.until(() => difference(server, two) === undefined);
  expect(two.disk().messages.get(channel)).toBeUndefined();
  expect(bodies(two)).toEqual([]);
});

test("[I20] a store that lets go of old messages keeps those that are being read", async () => {
  const here = world();
  here.keep = 10;
  const server = fakeServer(here);
  const group = server.group(1, [ann, bob]);
  for (let n = 1; n <= 35; n++) server.say(bob, group, `${n}`);
  const one = await started(here, await device(here, server, ann));
  await here.until(() => difference(server, one) === undefined);
  const shown = await done(here, one.client.history(group, { around: 15, limit: 6 }));
  for (let n = 36; n <= 55; n++) server.say(bob, group, `${n}`);
  await here.until(() => difference(server, one) === undefined);
  expect(bodies(one, group)).toEqual(shown.messages.map((m) => m.body));
  await done(here, one.client.history(group));
  for (let n = 56; n <= 75; n++) server.say(bob, group, `${n}`);
  await here.until(() => difference(server, one) === undefined);
  expect(Math.min(...(one.disk().messages.get(group)?.keys() ?? []))).toBeGreaterThan(5);
});

test("[D4] a chat that begins while its history is asked for is read, not missing", async () => {
  const { here, server, one } = await scene();
  server.refusals.set("history", { type: "error", code: "not_member", message: "" });
  const loading = one.client.history(channel);
  const client_id = "019ab000-0000-7000-8000-000000000001" as ClientId;
  const by = userOf(server.tables, bob);
  answer(server.tables, by, { type: "send", id: 0, channel, client_id, body: "first" });
  await here.until(() => one.client.channel(channel) !== undefined);
  server.refusals.delete("history");
  const page = await done(here, loading);
  expect(page.messages.map(({ body }) => body)).toEqual(["first"]);
});

test("[I16] a page that is read while the list is missing leaves nothing in the store that no event reaches", async () => {
  const { here, server, one } = await scene();
  const group = server.group(1, [ann, bob]);
  for (let n = 1; n <= 3; n++) server.say(bob, group, `${n}`);
  await here.until(() => difference(server, one) === undefined);
  server.refusals.set("channels", refuse("busy"));
  server.kick(ann, 1006);
  server.say(bob, group, "4");
  server.trim(ann, headPos(userOf(server.tables, ann)));
  await here.until(() => one.client.state().name === "online", 30_000);
  await here.advance(1000);
  await done(here, one.client.history(group));
  expect(bodies(one, group)).toEqual(["1", "2", "3", "4"]);
  const by = userOf(server.tables, bob);
  answer(server.tables, by, { type: "edit", id: 0, channel: group, seq: 2, body: "new" });
  await here.advance(1000);
  const texts = (): (string | undefined)[] =>
    [...(one.disk().messages.get(group)?.values() ?? [])].map(({ body }) => body);
  expect(texts()).toEqual([]);
  server.refusals.clear();
  await here.until(() => difference(server, one) === undefined, 60_000);
  expect(texts()).not.toContain("2");
  expect(bodies(one, group)).toEqual(["1", "new", "3", "4"]);
});
