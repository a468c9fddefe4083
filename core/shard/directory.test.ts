import { expect, test } from "bun:test";
import { directChannel } from "@damso/protocol/ids";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { device, frames, later, people, profileOf, topics } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";
import { openShards, turn } from "./shards.testing.ts";

type Away = { scene: Scene; ann: UserId; bob: UserId; eve: UserId; channel: ChannelId };

const code = (result: { ok: boolean; refusal?: { code: string } }): string =>
  result.refusal?.code ?? "ok";
const away = (): Promise<never> => Promise.reject(new Error("no directory"));
const back = async (scene: Scene): Promise<void> => {
  delete scene.faults.profile;
  for (let n = 0; n < 6; n++) await later(scene, 1000);
};

/** Ann and bob have written; then the shard starts on an empty memory, and the directory does not answer. */
async function started(fault: () => Promise<void> = away): Promise<Away> {
  const { scene, ann, bob, eve } = await people();
  const channel = scene.direct(ann, bob);
  await scene.send(ann, channel, "before");
  await scene.restart();
  scene.faults.profile = fault;
  return { scene, ann, bob, eve, channel };
}

const exchange = (scene: Scene, user_id: UserId): Promise<unknown> => {
  const { gateway, ...session } = device(user_id, 0);
  const sessions = [{ ...session, active: false }];
  return scene.must({ kind: "exchange", user_id, gateway, sessions });
};

test("[D25][D14] who is connected chats on while the directory is away, whatever is in memory", async () => {
  const { scene, ann, bob, channel } = await started();
  await exchange(scene, bob);
  expect(code(await scene.send(ann, channel, "during"))).toBe("ok");
  expect(scene.events.at(-1)).toMatchObject({
    user_id: bob,
    event: { type: "message", pos: 3, message: { body: "during" }, unread: 2 },
  });
  expect(code(await scene.ask({ kind: "read", user_id: bob, channel, seq: 2 }))).toBe("ok");
  expect(code(await scene.ask({ kind: "own_channels", user_id: bob }))).toBe("ok");
});

test("[D25][I10] homes take what other shards tell them while the directory is away", async () => {
  const scene = await openShards(2, 2);
  const [ann, bob] = scene.people as [UserId, UserId];
  const channel = await scene.group(ann, [bob], 0);
  await scene.settle();
  await scene.restart(1);
  scene.isDirectoryAway = true;
  expect(code(await scene.send(ann, channel, "during"))).toBe("ok");
  await turn();
  const rows = await scene.homeStore(bob).range("feed", { prefix: [bob], limit: 10 });
  expect(rows.map(({ row }) => row.kind)).toEqual(["channel", "message", "message"]);
});

test("[D25] a directory that hangs is waited for once, and for a short time", async () => {
  const { scene, ann, eve, channel } = await started(() => new Promise(() => {}));
  const sent = scene.send(ann, channel, "during");
  for (let n = 0; n < 4; n++) await later(scene, 1000);
  expect(code(await sent)).toBe("ok");
  let asked = 0;
  scene.faults.profile = () => {
    asked++;
    return new Promise(() => {});
  };
  const own = { kind: "presence" as const, user_id: eve, viewer: eve };
  expect((await scene.must(own)).state).toBe("offline");
  for (let n = 0; n < 30; n++) await later(scene, 1000);
  expect(asked).toBeGreaterThanOrEqual(3);
  expect(asked).toBeLessThanOrEqual(6);
  expect(
    code(await scene.ask({ kind: "attach", ...device(eve, 0), user_id: eve, active: true })),
  ).toBe("unavailable");
  await back(scene);
  await scene.attach(eve);
});

test("[D25][D8][D9] what depends on what a user is or allows is unavailable, and decided when that is known", async () => {
  const { scene, ann, bob, eve, channel } = await started();
  const asks = async (): Promise<string[]> => [
    code(await scene.ask({ kind: "attach", user_id: bob, ...device(bob, 0), active: true })),
    code(await scene.send(ann, directChannel(ann, eve), "hello")),
    code(
      await scene.group(ann, [bob]).then(
        () => ({ ok: true }),
        () => ({ ok: false, refusal: { code: "refused" } }),
      ),
    ),
    code(await scene.ask({ kind: "account", user_id: bob, changed: "settings" })),
  ];
  await scene.send(ann, channel, "loads both homes");
  expect(await asks()).toEqual(["unavailable", "unavailable", "refused", "unavailable"]);
  Object.assign(scene.profiles.get(eve) as object, { who_may_message: "nobody" });
  await back(scene);
  expect(await asks()).toEqual(["ok", "forbidden", "ok", "ok"]);
});

test("[D25][X12] who was deleted meanwhile is not let in, and nobody begins anything with him", async () => {
  const { scene, ann, bob, channel } = await started();
  await scene.send(ann, channel, "loads both homes");
  scene.profiles.set(bob, { ...profileOf(bob), deleted: true });
  const attach = { kind: "attach" as const, user_id: bob, ...device(bob, 0), active: true };
  expect(code(await scene.ask(attach))).toBe("unavailable");
  await back(scene);
  expect(code(await scene.ask(attach))).toBe("unauthenticated");
  expect(await scene.group(ann, [bob]).catch(String)).toContain("not_found");
});

test("[D25][R3][I23] nobody sees a presence that is not known to be visible, and who may is told when it is", async () => {
  for (const presence of ["everyone", "nobody"] as const) {
    const { scene, ann, bob } = await started();
    Object.assign(scene.profiles.get(bob) as object, { presence });
    await exchange(scene, bob);
    await scene.must({ kind: "ping", user_id: bob, ...device(bob, 0), active: true });
    const watch = { kind: "watch" as const, user_id: bob, gateway: "g0", watcher: ann, on: true };
    expect(await scene.must(watch)).toEqual({ user_id: bob, state: "offline" });
    expect(frames(scene)).toEqual([]);
    await back(scene);
    const state = presence === "everyone" ? "online" : "offline";
    expect(frames(scene).at(-1)).toMatchObject({ user_id: bob, state });
  }
});

test("[D25][R6] receipts wait until it is known whether they are wanted", async () => {
  for (const receipts of [true, false]) {
    const { scene, ann, bob, channel } = await started();
    Object.assign(scene.profiles.get(bob) as object, { receipts });
    await exchange(scene, bob);
    await scene.send(ann, channel, "during");
    await scene.must({ kind: "read", user_id: bob, channel, seq: 1 });
    await scene.must({ kind: "ack", user_id: bob, ...device(bob, 0), pos: 3 });
    const told = (): unknown[] => topics(scene).filter(({ user_id }) => user_id === bob);
    expect(told()).toEqual([]);
    await back(scene);
    const view = await scene.must({ kind: "view", user_id: ann, channel });
    expect([view.peer_read, view.peer_delivered]).toEqual(receipts ? [1, 2] : [0, 0]);
  }
});

test("[D25][D22][I14] a push that may be wanted waits for the directory, and goes by what it says", async () => {
  for (const has_push of [true, false]) {
    const { scene, ann, bob, channel } = await started();
    Object.assign(scene.profiles.get(bob) as object, { has_push, private_push: false });
    await scene.send(ann, channel, "during");
    for (let n = 0; n < 5; n++) await later(scene, 1000);
    expect(scene.pushes).toEqual([]);
    await back(scene);
    for (let n = 0; n < 12; n++) await later(scene, 1000);
    expect(scene.pushes.map(({ user_id, seq }) => [user_id, seq])).toEqual(
      has_push ? [[bob, 2]] : [],
    );
    expect(scene.store.dump()).not.toContain("pushes ");
  }
});

test("[D25] of two changes of an account the later word counts, however late the earlier comes", async () => {
  const { scene, ann, bob } = await people();
  await scene.attach(bob);
  const account = { kind: "account" as const, user_id: bob, changed: "settings" as const };
  const gate = Promise.withResolvers<void>();
  scene.faults.profile = async () => {
    delete scene.faults.profile;
    await gate.promise;
  };
  const earlier = scene.must(account);
  scene.profiles.set(bob, { ...profileOf(bob), presence: "nobody" });
  await scene.must(account);
  gate.resolve();
  await earlier;
  expect((await scene.must({ kind: "presence", user_id: bob, viewer: ann })).state).toBe("offline");
});
