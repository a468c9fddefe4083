import { expect, test } from "bun:test";
import type { PushRequest } from "@damso/core/push/rules";
import { GAP_MS } from "./lanes.ts";
import { at, BOB, channel, device, later, request, settle, useScene } from "./scene.testing.ts";

const scene = useScene();
const phone = { kind: "apns", token: "00fc", topic: "app.damso" } as const;

const number = (pos: number, badge: number, more: Partial<PushRequest> = {}): PushRequest => ({
  user_id: BOB,
  pos,
  channel,
  seq: 0,
  badge,
  seen_by: [],
  tries: 0,
  ...(more as object),
  kind: "badge",
});

test("[N17] a badge alone goes to iPhones, and to nothing else", async () => {
  await device(scene, at("browser"));
  await device(scene, { kind: "fcm", token: "t" });
  const own = await device(scene, phone);
  expect(await scene.notifier.push(number(9, 2))).toBeUndefined();
  expect(scene.web.sent).toMatchObject([
    {
      target: phone,
      notice: { kind: "badge", pos: 9, badge: 2 },
      collapse: "badge",
      ttl_s: 86_400,
    },
  ]);
  await later(scene, GAP_MS);
  expect(await scene.notifier.push(number(10, 1, { seen_by: [own] }))).toBeUndefined();
  expect(scene.web.sent).toHaveLength(1);
  expect(scene.counters).toMatchObject({ outcomes: { sent: 1, refused: 0, silent: 0 } });
});

test("[N5][N17] it takes the place of no message that waits, and of those that wait the newest is told", async () => {
  await device(scene, phone);
  const { promise, resolve } = Promise.withResolvers<{ outcome: "sent" }>();
  scene.web.answer = () => promise;
  const wanted = [request(1), request(2), number(3, 3), number(4, 2), number(5, 1)];
  const pushes = wanted.map((one) => scene.notifier.push(one));
  await settle();
  scene.web.answer = undefined;
  resolve({ outcome: "sent" });
  await settle();
  await later(scene, GAP_MS);
  await Promise.all(pushes);
  const sent = Map.groupBy(scene.web.sent, ({ collapse }) => collapse);
  const places = (collapse: string) => sent.get(collapse)?.map(({ notice }) => notice.pos);
  expect([places("badge"), places(channel)]).toEqual([
    [3, 5],
    [1, 2],
  ]);
});

test("[N17] it is tried again a few times, and an older number never after a newer one", async () => {
  await device(scene, phone);
  scene.web.answer = () => ({ outcome: "later", why: "503" });
  expect(await scene.notifier.push(number(3, 3))).toMatchObject({ done: [], again_ms: 5000 });
  scene.web.answer = undefined;
  await later(scene, GAP_MS);
  expect(await scene.notifier.push(number(5, 1))).toBeUndefined();
  await later(scene, GAP_MS);
  expect(await scene.notifier.push(number(3, 3, { tries: 1 }))).toBeUndefined();
  expect(await scene.notifier.push(number(9, 0, { tries: 5 }))).toBeUndefined();
  expect(scene.web.sent.map(({ notice }) => notice.pos)).toEqual([5]);
});
