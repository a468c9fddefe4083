import { expect, test } from "bun:test";
import { GAP_MS } from "./lanes.ts";
import {
  ANN,
  at,
  BOB,
  channel,
  device,
  later,
  paths,
  request,
  settle,
  START,
  texts,
  useScene,
} from "./scene.testing.ts";
import type { MessageNotice } from "./scene.testing.ts";

const scene = useScene();

test("[N3] says who, what and how many, with the badge", async () => {
  await device(scene, { ...at("a"), locale: "ko-KR" });
  await device(scene, at("b"));
  await scene.notifier.push(request(1, { unread: 3 }, "  hi\n\nthere  "));
  expect(texts(scene)).toEqual([
    ["Ann", "새 메시지 3개\nhi there"],
    ["Ann", "3 new messages\nhi there"],
  ]);
  expect(scene.web.sent[0]?.notice).toMatchObject({ badge: 4, count: 3, seq: 1, silent: false });
});

test("[N3] a long text is quoted by its beginning", async () => {
  await device(scene, at("a"));
  await scene.notifier.push(request(1, {}, "🙂".repeat(500)));
  expect([...(texts(scene)[0]?.[1] ?? "")]).toHaveLength(160);
});

test("[N3] a cut goes through no code point: services refuse half of one, and the message would be lost", async () => {
  await device(scene, at("a"));
  await scene.notifier.push(request(1, {}, `a${" ".repeat(638)}🙂 and more`));
  await later(scene, GAP_MS);
  await scene.notifier.push(request(2, {}, "🙂".repeat(400)));
  for (const [, body] of texts(scene)) expect(body.isWellFormed()).toBe(true);
});

test("[N10] in private neither names nor text leave, whatever the device", async () => {
  await device(scene, at("a"));
  await scene.notifier.push(request(1, { private: true }));
  await later(scene, GAP_MS);
  await scene.notifier.push(request(2, { private: true, unread: 2 }));
  expect(texts(scene)).toEqual([
    ["Damso", "New message"],
    ["Damso", "2 new messages"],
  ]);
});

test("[N8] quiet hours are those of the device's zone", async () => {
  const quiet_hours = { from: "20:00", to: "07:00" };
  await device(scene, { ...at("seoul"), time_zone: "Asia/Seoul", quiet_hours });
  await device(scene, { ...at("paris"), time_zone: "Europe/Paris", quiet_hours });
  await scene.notifier.push(request(1));
  expect(scene.web.sent.map(({ notice }) => (notice as MessageNotice).silent)).toEqual([
    true,
    false,
  ]);
});

test("[I14] devices that have it get none, the others one", async () => {
  const first = await device(scene, at("a"));
  await device(scene, at("b"));
  expect(await scene.notifier.push(request(1, { seen_by: [first] }))).toBeUndefined();
  expect(paths(scene)).toEqual(["b"]);
});

test("[N11] an address that is gone is forgotten, unless it was renewed meanwhile", async () => {
  const device_id = await device(scene, at("old"));
  scene.web.answer = () => ({ outcome: "gone", why: "410" });
  expect(await scene.notifier.push(request(1))).toBeUndefined();
  expect(await scene.accounts.subscriptions.listByUser(BOB)).toEqual([]);
  await later(scene, GAP_MS);
  await scene.accounts.subscriptions.put({
    user_id: BOB,
    device_id,
    target: at("old"),
    now: START,
  });
  scene.web.answer = async () => {
    await scene.accounts.subscriptions.put({
      user_id: BOB,
      device_id,
      target: at("new"),
      now: START,
    });
    return { outcome: "gone", why: "410" };
  };
  await scene.notifier.push(request(2));
  expect((await scene.accounts.subscriptions.listByUser(BOB)).map(({ target }) => target)).toEqual([
    at("new"),
  ]);
});

test("[I17] a device that was logged out while its push waited gets nothing more", async () => {
  await device(scene, at("a"));
  const { promise, resolve } = Promise.withResolvers<{ outcome: "sent" }>();
  scene.web.answer = () => promise;
  const pushes = [request(1), request(2)].map((one) => scene.notifier.push(one));
  await settle();
  await scene.accounts.sessions.revoke(BOB, { all_but: null }, scene.time.now);
  resolve({ outcome: "sent" });
  await settle();
  await later(scene, GAP_MS);
  expect(await Promise.all(pushes)).toEqual([undefined, undefined]);
  expect(scene.web.tried.map(({ notice }) => notice.seq)).toEqual([1]);
  expect(scene.counters.reasons).toEqual({ ended: 1 });
});

test("[N15] a test goes to the device that asks, and says what came of it", async () => {
  const device_id = await device(scene, at("a"));
  await device(scene, at("b"));
  expect(await scene.notifier.test(BOB, device_id)).toEqual({ outcome: "sent" });
  expect(paths(scene)).toEqual(["a"]);
  expect(await scene.notifier.test(ANN, device_id)).toEqual({ outcome: "none" });
  expect(await scene.notifier.testAll(BOB)).toEqual({ devices: 2 });
});

test("[N15] logs and counters hold neither addresses nor names nor texts", async () => {
  await device(scene, at("secret-address"));
  scene.web.answer = () => ({ outcome: "refused", why: "https://push.example/secret-address" });
  await scene.notifier.push(request(1, {}, "secret text"));
  await later(scene, GAP_MS);
  scene.web.answer = () => ({ outcome: "gone", why: "410" });
  await scene.notifier.push(request(2, {}, "secret text"));
  const told = JSON.stringify([scene.logged, scene.counters.reasons]);
  expect(scene.logged.length).toBeGreaterThan(0);
  for (const secret of ["secret", "Ann", "push.example", channel])
    expect(told).not.toContain(secret);
});
