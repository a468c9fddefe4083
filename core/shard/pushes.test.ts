import { expect, test } from "bun:test";
import { device, later, people } from "./scene.testing.ts";
import type { PushMessage } from "./scene.testing.ts";

test("[D22][I14] a push row is in the commit of its entry, is judged when due, and then goes", async () => {
  const { scene, ann, bob } = await people();
  Object.assign(scene.profiles.get(bob) as object, { has_push: true });
  const channel = scene.direct(ann, bob);
  await scene.send(ann, channel, "one");
  expect(scene.store.dump()).toContain("pushes ");
  await later(scene, 1999);
  expect(scene.pushes).toEqual([]);
  await later(scene, 1);
  const { message, ...request } = scene.pushes[0] as PushMessage;
  expect(message).toMatchObject({ sender_id: ann, body: "one" });
  expect(request).toEqual({
    kind: "message",
    user_id: bob,
    pos: 2,
    channel,
    seq: 1,
    mention: false,
    update: false,
    badge: 1,
    unread: 1,
    private: false,
    seen_by: [],
    tries: 0,
  });
  expect(scene.pushes).toHaveLength(1);
  expect(scene.store.dump()).not.toContain("pushes ");
});

test("[D22][I14] no push for what was read, or seen in the foreground; one after a restart for what was not", async () => {
  const { scene, ann, bob } = await people();
  Object.assign(scene.profiles.get(bob) as object, { has_push: true });
  const channel = scene.direct(ann, bob);
  await scene.send(ann, channel, "read");
  await scene.must({ kind: "read", user_id: bob, channel, seq: 1 });
  await later(scene, 3000);
  await scene.attach(bob);
  await scene.send(ann, channel, "seen");
  await scene.must({ kind: "ack", user_id: bob, ...device(bob, 0), pos: 4, active: true });
  await later(scene, 3000);
  expect(scene.pushes).toEqual([]);
  await scene.send(ann, channel, "missed");
  await scene.restart();
  await later(scene, 3000);
  expect(scene.pushes.map(({ seq, badge }) => [seq, badge])).toEqual([[3, 2]]);
});

test("[D22] a muted channel pushes mentions only, own messages never", async () => {
  const { scene, ann, bob, eve } = await people();
  for (const user_id of [ann, bob])
    Object.assign(scene.profiles.get(user_id) as object, { has_push: true });
  const channel = await scene.group(ann, [bob, eve]);
  const muted_until = new Date(scene.time.now + 3_600_000).toISOString();
  await scene.must({ kind: "set", user_id: bob, channel, set: { muted_until } });
  await scene.send(ann, channel, "quiet");
  await scene.send(ann, channel, "bob!", { mentions: [bob] });
  await later(scene, 3000);
  expect(scene.pushes.map((one) => [one.user_id, one.seq, (one as PushMessage).mention])).toEqual([
    [bob, 3, true],
  ]);
});
