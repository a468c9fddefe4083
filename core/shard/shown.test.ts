import { expect, test } from "bun:test";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { later, people } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";

type Stage = { scene: Scene; ann: UserId; bob: UserId; channel: ChannelId };

/** Bob has a phone, and its push service can take notifications back. */
async function stage(): Promise<Stage> {
  const { scene, ann, bob } = await people();
  Object.assign(scene.profiles.get(bob) as object, { has_push: true });
  scene.withdraws = true;
  return { scene, ann, bob, channel: scene.direct(ann, bob) };
}

/** Badges are told beside: `badges.test.ts`. */
const told = ({ scene }: Stage): [string, number, number][] =>
  scene.pushes
    .filter(({ kind }) => kind !== "badge")
    .map(({ kind, seq, badge }) => [kind, seq, badge]);

test("[N9] what was pushed is taken back when it is read elsewhere, with the badge that is left", async () => {
  const at = await stage();
  const { scene, ann, bob, channel } = at;
  await scene.send(ann, channel, "one");
  await later(scene, 2500);
  await scene.must({ kind: "read", user_id: bob, channel, seq: 1 });
  await later(scene, 2500);
  expect(told(at)).toEqual([
    ["message", 1, 1],
    ["read", 1, 0],
  ]);
  expect(scene.store.dump()).not.toContain("pushes ");
});

test("[N9] what takes back says how far was read: a later message may be on its way", async () => {
  const at = await stage();
  const { scene, ann, bob, channel } = at;
  await scene.send(ann, channel, "one");
  await later(scene, 2500);
  await scene.send(ann, channel, "two");
  await scene.must({ kind: "read", user_id: bob, channel, seq: 2 });
  await later(scene, 2500);
  expect(told(at).at(-1)).toEqual(["read", 2, 0]);
});

test("[N9] nothing is taken back that was never pushed, or that is still unread", async () => {
  const at = await stage();
  const { scene, ann, bob, channel } = at;
  await scene.send(ann, channel, "read at once");
  await scene.must({ kind: "read", user_id: bob, channel, seq: 1 });
  await later(scene, 3000);
  expect(told(at)).toEqual([]);
  await scene.send(ann, channel, "two");
  await scene.send(ann, channel, "three");
  await later(scene, 2500);
  await scene.must({ kind: "read", user_id: bob, channel, seq: 2 });
  await later(scene, 3000);
  expect(told(at).map(([kind]) => kind)).toEqual(["message", "message"]);
});

test("[N9] a deleted message's notification goes, an edited one's is told the new text, silently", async () => {
  const at = await stage();
  const { scene, ann, channel } = at;
  await scene.send(ann, channel, "helo");
  await later(scene, 2500);
  await scene.must({ kind: "react", user_id: ann, channel, seq: 1, emoji: "👍", on: true });
  await scene.must({ kind: "edit", user_id: ann, channel, seq: 1, body: "hello" });
  await later(scene, 2500);
  expect(scene.pushes).toMatchObject([
    { kind: "message", update: false, message: { body: "helo" } },
    { kind: "message", update: true, message: { body: "hello" } },
  ]);
  await scene.must({ kind: "delete", user_id: ann, channel, seq: 1 });
  await later(scene, 2500);
  expect(told(at).at(-1)).toEqual(["read", 1, 0]);
  expect(scene.pushes).toHaveLength(3);
});

test("[N9] what is read while the push is on its way is taken back as soon as it has arrived", async () => {
  const at = await stage();
  const { scene, ann, bob, channel } = at;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  scene.sink = (request) => {
    scene.pushes.push(request);
    return request.kind === "message" ? promise : Promise.resolve(undefined);
  };
  await scene.send(ann, channel, "one");
  await later(scene, 2500);
  await scene.must({ kind: "read", user_id: bob, channel, seq: 1 });
  await later(scene, 2500);
  expect(told(at)).toEqual([["message", 1, 1]]);
  resolve(undefined);
  await later(scene, 10);
  await later(scene, 2500);
  expect(told(at).at(-1)).toEqual(["read", 1, 0]);
});

/** Pushes are on their way until `arrive` is called. */
function slowly(scene: Scene): { land: () => Promise<void>; arrive: () => Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  scene.sink = (request) => {
    scene.pushes.push(request);
    return request.kind === "message" && !request.update ? promise : Promise.resolve(undefined);
  };
  /** In this moment; what it leaves to be done is due later. */
  const land = async (): Promise<void> => {
    resolve(undefined);
    await later(scene, 0);
  };
  const arrive = async (): Promise<void> => {
    await land();
    await later(scene, 2500);
  };
  return { land, arrive };
}

test("[N9] what is deleted, hidden or left while the push is on its way is taken back as well", async () => {
  for (const end of ["delete", "hide", "leave"] as const) {
    const at = await stage();
    const { scene, ann, bob } = at;
    const channel = await scene.group(ann, [bob]);
    await later(scene, 2500);
    const { arrive } = slowly(scene);
    const sent = await scene.send(ann, channel, "a slip");
    const seq = sent.ok ? sent.value.seq : 0;
    await later(scene, 2500);
    if (end === "delete") await scene.must({ kind: "delete", user_id: ann, channel, seq });
    else if (end === "hide") await scene.must({ kind: "hide", user_id: bob, channel, seq });
    else await scene.must({ kind: "remove_member", user_id: bob, channel, member: bob });
    await later(scene, 2500);
    await arrive();
    expect([end, ...told(at).map(([kind, of]) => `${kind} ${of}`)]).toEqual([
      end,
      `message ${seq}`,
      `read ${seq}`,
    ]);
  }
});

test("[N9] what is edited while the push is on its way is told once more, with the new text", async () => {
  const { scene, ann, channel } = await stage();
  const { arrive } = slowly(scene);
  await scene.send(ann, channel, "helo");
  await later(scene, 2500);
  await scene.must({ kind: "edit", user_id: ann, channel, seq: 1, body: "hello" });
  await later(scene, 2500);
  await arrive();
  expect(scene.pushes).toMatchObject([
    { update: false, message: { body: "helo" } },
    { update: true, message: { body: "hello" } },
  ]);
});

test("[N9] muting a chat takes its notification back; another setting of a muted chat does not", async () => {
  const at = await stage();
  const { scene, ann, bob, channel } = at;
  const mute = (): Promise<unknown> => {
    const muted_until = new Date(scene.time.now + 3_600_000).toISOString();
    return scene.must({ kind: "set", user_id: bob, channel, set: { muted_until } });
  };
  await scene.send(ann, channel, "one");
  await later(scene, 2500);
  await mute();
  await later(scene, 2500);
  expect(told(at)).toEqual([
    ["message", 1, 1],
    ["read", 1, 0],
  ]);
  const group = await scene.group(ann, [bob]);
  await scene.must({
    kind: "set",
    user_id: bob,
    channel: group,
    set: { muted_until: new Date(scene.time.now + 3_600_000).toISOString() },
  });
  await scene.send(ann, group, "bob!", { mentions: [bob] });
  await later(scene, 2500);
  await scene.must({ kind: "set", user_id: bob, channel: group, set: { pinned: true } });
  await later(scene, 2500);
  expect(
    told(at)
      .slice(2)
      .map(([kind]) => kind),
  ).toEqual(["message"]);
});

test("[N9] what is muted while the push is on its way is taken back", async () => {
  const at = await stage();
  const { scene, ann, bob, channel } = at;
  const { arrive } = slowly(scene);
  await scene.send(ann, channel, "one");
  await later(scene, 2500);
  const muted_until = new Date(scene.time.now + 3_600_000).toISOString();
  await scene.must({ kind: "set", user_id: bob, channel, set: { muted_until } });
  await later(scene, 2500);
  await arrive();
  expect(told(at).at(-1)).toEqual(["read", 1, 0]);
});

test("[N9] the row of what was overtaken takes the place of no other row of that moment", async () => {
  const { scene, ann, bob, channel } = await stage();
  const eve = scene.people[2] as UserId;
  const other = scene.direct(eve, bob);
  await scene.send(eve, other, "shown");
  await later(scene, 2500);
  const { arrive } = slowly(scene);
  await scene.send(ann, channel, "helo");
  await later(scene, 2500);
  await scene.must({ kind: "edit", user_id: ann, channel, seq: 1, body: "hello" });
  await scene.must({ kind: "read", user_id: bob, channel: other, seq: 1 });
  await arrive();
  const last = scene.pushes.slice(-2).map((one) => [one.kind, one.channel]);
  expect(Object.fromEntries(last)).toEqual({ message: channel, read: other });
});

test("[N6] devices that have it are left out when the others are tried again, at the time that was asked for", async () => {
  const { scene, ann, channel } = await stage();
  scene.sink = async (request) => {
    scene.pushes.push(request);
    return request.tries === 2
      ? undefined
      : { again_ms: 60_000, done: [`d${request.tries}` as never] };
  };
  await scene.send(ann, channel, "one");
  await later(scene, 2500);
  await later(scene, 59_000);
  expect(scene.pushes).toHaveLength(1);
  await later(scene, 3000);
  await scene.restart();
  await later(scene, 61_000);
  expect(scene.pushes.map(({ tries, seen_by }) => [tries, seen_by])).toEqual([
    [0, []],
    [1, ["d0"]],
    [2, ["d0", "d1"]],
  ]);
  expect(scene.store.dump()).not.toContain("pushes ");
});

test("[N7] a channel's own level goes before the account's", async () => {
  const { scene, ann, bob, channel } = await stage();
  const set = (push_level: "mentions" | "none" | null): Promise<unknown> =>
    scene.must({ kind: "set", user_id: bob, channel, set: { push_level } });
  await scene.send(ann, channel, "one");
  await set("none");
  await scene.send(ann, channel, "two");
  await later(scene, 2500);
  await set(null);
  await scene.send(ann, channel, "three");
  await later(scene, 2500);
  expect(scene.pushes.map(({ seq }) => seq)).toEqual([3]);
  await set("mentions");
  const shown = await scene.must({ kind: "own_channel", user_id: bob, channel });
  expect(shown.push_level).toBe("mentions");
});

test("[I14] however many are due at once, all are pushed by the next looks", async () => {
  const { scene, ann, channel } = await stage();
  const count = 900;
  await Promise.all(Array.from({ length: count }, () => scene.send(ann, channel, "x")));
  scene.time.now += 2500;
  for (let look = 0; look < 10; look++) {
    scene.shard.pushDue();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(scene.pushes).toHaveLength(count);
});
