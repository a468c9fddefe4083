import { expect, test } from "bun:test";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { noteBadge } from "./badges.ts";
import type { Shard } from "./context.ts";
import { device, later, people } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";

type Stage = { scene: Scene; ann: UserId; bob: UserId; eve: UserId; channel: ChannelId };

/** Bob has a phone that shows as many messages of Ann's as were sent. */
async function stage(messages: number): Promise<Stage> {
  const { scene, ann, bob, eve } = await people();
  Object.assign(scene.profiles.get(bob) as object, { has_push: true });
  scene.withdraws = true;
  const channel = scene.direct(ann, bob);
  for (let n = 0; n < messages; n++) await scene.send(ann, channel, "x");
  await later(scene, 2500);
  return { scene, ann, bob, eve, channel };
}

/** Since the last look. */
const told = ({ scene }: Stage): [string, number][] =>
  scene.pushes.splice(0).map(({ kind, badge }) => [kind, badge]);
const read = ({ scene, bob, channel }: Stage, seq: number): Promise<unknown> =>
  scene.must({ kind: "read", user_id: bob, channel, seq });

test("[N17] a chat that is read in part leaves its notification, and the badge falls", async () => {
  const at = await stage(3);
  told(at);
  await read(at, 2);
  await later(at.scene, 2500);
  expect(at.scene.pushes).toMatchObject([{ kind: "badge", badge: 1, tries: 0, seen_by: [] }]);
  expect(at.scene.store.dump()).not.toContain("pushes ");
});

test("[N17] what is read in a chat that pushes nothing counts as well, though no notification is left", async () => {
  const at = await stage(1);
  const { scene, bob, eve } = at;
  const quiet = scene.direct(eve, bob);
  await scene.send(eve, quiet, "one");
  await scene.must({ kind: "set", user_id: bob, channel: quiet, set: { push_level: "none" } });
  await later(scene, 2500);
  told(at);
  await read(at, 1);
  await later(scene, 2500);
  expect(told(at)).toEqual([["read", 1]]);
  await scene.must({ kind: "read", user_id: bob, channel: quiet, seq: 1 });
  await later(scene, 2500);
  expect(told(at)).toEqual([["badge", 0]]);
});

test("[N17] whatever makes the total fall is told: deleted, hidden, cleared, left, muted", async () => {
  for (const end of ["delete", "hide", "clear", "leave", "mute"] as const) {
    const at = await stage(1);
    const { scene, bob, eve } = at;
    const quiet = await scene.group(eve, [bob]);
    await scene.must({ kind: "set", user_id: bob, channel: quiet, set: { push_level: "none" } });
    const sent = await scene.send(eve, quiet, "x");
    const seq = sent.ok ? sent.value.seq : 0;
    await scene.send(at.ann, at.channel, "x");
    await later(scene, 2500);
    expect([end, told(at).at(-1)]).toEqual([end, ["message", 3]]);
    const muted_until = new Date(scene.time.now + 3_600_000).toISOString();
    const where = { user_id: bob, channel: quiet };
    if (end === "delete") await scene.must({ kind: "delete", ...where, user_id: eve, seq });
    else if (end === "hide") await scene.must({ kind: "hide", ...where, seq });
    else if (end === "clear") await scene.must({ kind: "set", ...where, set: { cleared_to: seq } });
    else if (end === "mute") await scene.must({ kind: "set", ...where, set: { muted_until } });
    else await scene.must({ kind: "remove_member", ...where, member: bob });
    await later(scene, 2500);
    expect([end, ...told(at)]).toEqual([end, ["badge", 2]]);
  }
});

test("[N17] at most one a second, with what is unread then; none when as many came as were read", async () => {
  const at = await stage(9);
  const { scene } = at;
  told(at);
  for (const seq of [1, 2, 3]) await read(at, seq);
  scene.time.now += 900;
  await read(at, 4);
  expect(scene.store.dump().match(/^pushes /gm)).toHaveLength(1);
  await later(scene, 100);
  expect(told(at)).toEqual([["badge", 5]]);
  await read(at, 5);
  await scene.must({ kind: "set", user_id: at.bob, channel: at.channel, set: { pinned: true } });
  await scene.send(at.ann, at.channel, "another");
  await later(scene, 1000);
  expect(told(at)).toEqual([]);
  await later(scene, 2500);
  expect(told(at)).toEqual([["message", 5]]);
});

test("[N17] whoever shows no badge is told nothing, and a clock that is put back silences nobody", async () => {
  const at = await stage(0);
  const { scene, ann, channel } = at;
  for (const _ of [1, 2]) await scene.send(ann, channel, "x");
  await read(at, 1);
  await read(at, 2);
  await later(scene, 3000);
  expect(told(at)).toEqual([]);
  for (const _ of [3, 4, 5]) await scene.send(ann, channel, "x");
  await later(scene, 2500);
  told(at);
  await read(at, 3);
  await later(scene, 1000);
  scene.time.now -= 3_600_000;
  await read(at, 4);
  await later(scene, 1000);
  expect(told(at)).toEqual([
    ["badge", 2],
    ["badge", 1],
  ]);
});

test("[N17] a message that is taken over late brings the badge of its time: then it is told again", async () => {
  const at = await stage(0);
  const { scene, ann, channel } = at;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  scene.sink = (request) => {
    scene.pushes.push(request);
    return request.kind === "message" && request.seq === 3 ? promise : Promise.resolve(undefined);
  };
  for (const _ of [1, 2, 3]) await scene.send(ann, channel, "x");
  await later(scene, 2500);
  told(at);
  await read(at, 1);
  await later(scene, 2500);
  expect(told(at)).toEqual([["badge", 2]]);
  resolve(undefined);
  await later(scene, 10);
  await later(scene, 2500);
  expect(told(at)).toEqual([["badge", 2]]);
});

test("[N17] one that its service did not take is tried again, also by the next life of the server", async () => {
  const at = await stage(3);
  const { scene } = at;
  told(at);
  scene.sink = async (request) => {
    scene.pushes.push(request);
    return { again_ms: 60_000, done: ["d1" as never] };
  };
  await read(at, 1);
  await later(scene, 2500);
  await scene.restart();
  scene.sink = undefined;
  await later(scene, 61_000);
  expect(scene.pushes).toMatchObject([
    { kind: "badge", badge: 2, tries: 0, seen_by: [] },
    { kind: "badge", badge: 2, tries: 1, seen_by: ["d1"] },
  ]);
});

test("[N17] a device that has everything until then knows by itself, one that has less does not", async () => {
  const at = await stage(3);
  const { scene, bob } = at;
  told(at);
  await scene.attach(bob);
  const { value } = (await scene.ask({
    kind: "own_channel",
    user_id: bob,
    channel: at.channel,
  })) as {
    value: { pos: number };
  };
  await read(at, 1);
  await scene.must({
    kind: "ack",
    user_id: bob,
    ...device(bob, 0),
    pos: value.pos + 1,
    active: false,
  });
  await read(at, 2);
  await later(scene, 2500);
  expect(scene.pushes).toMatchObject([{ kind: "badge", badge: 1, seen_by: [] }]);
});

test("[N17][I20] of so many people those who were told longest ago are forgotten", () => {
  const shard = { push: { withdraws: true }, badges: new Map() } as unknown as Shard;
  for (let n = 0; n <= 100_000; n++) noteBadge(shard, `${n % 99_999}` as UserId, n);
  expect([shard.badges.size, shard.badges.get("1" as UserId)?.told]).toEqual([99_999, 100_000]);
  for (const n of [100_000, 100_001]) noteBadge(shard, `${n}` as UserId, n);
  expect([shard.badges.size, shard.badges.has("2" as UserId)]).toEqual([100_000, false]);
});

test("[N17] a row of it means nothing to a server of an earlier version, which would look for its message", async () => {
  const at = await stage(3);
  await read(at, 1);
  expect(at.scene.store.dump()).toMatch(/pushes .*"seq":0,"change":"badge"/);
});
