/** Of the notifier: when it waits, tries again, gives up, and how much at most. */
import { expect, test } from "bun:test";
import type { PushRequest } from "@damso/core/push/rules";
import type { UserId } from "@damso/protocol/ids";
import { GAP_MS } from "./lanes.ts";
import { SILENT_BURST } from "./notifier.ts";
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
  useScene,
} from "./scene.testing.ts";

const scene = useScene();

test("[N6] what a service does not take is due again for its devices only, later each time or when it says", async () => {
  const good = await device(scene, at("a"));
  await device(scene, at("b", "down.example"));
  scene.web.answer = ({ target }) =>
    (target as { endpoint: string }).endpoint.includes("down.example")
      ? { outcome: "later", why: "503" }
      : { outcome: "sent" };
  expect(await scene.notifier.push(request(1))).toEqual({ again_ms: 5000, done: [good] });
  await later(scene, GAP_MS);
  const again = { tries: 3, seen_by: [good] };
  expect(await scene.notifier.push(request(1, again))).toEqual({ again_ms: 40_000, done: [] });
  await later(scene, GAP_MS);
  expect(await scene.notifier.push(request(1, { ...again, tries: 30 }))).toMatchObject({
    again_ms: 600_000,
  });
  scene.web.answer = () => ({ outcome: "later", why: "429", after_ms: 7000 });
  await later(scene, GAP_MS);
  expect(await scene.notifier.push(request(1, again))).toMatchObject({ again_ms: 7000 });
});

test("[N6] what is told to come back soon, again and again, comes back less often", async () => {
  await device(scene, at("a"));
  scene.web.answer = () => ({ outcome: "later", why: "503", after_ms: 1000 });
  const again: (number | undefined)[] = [];
  for (const tries of [0, 2, 8, 20]) {
    again.push((await scene.notifier.push(request(1, { tries })))?.again_ms);
    await later(scene, GAP_MS);
  }
  expect(again).toEqual([1000, 1000, 64_000, 600_000]);
});

test("[N6] a device whose service wants to be left alone is, whoever else is tried again, and in every chat", async () => {
  await device(scene, at("busy"));
  await device(scene, at("down", "down.example"));
  scene.web.answer = ({ target }) =>
    (target as { endpoint: string }).endpoint.includes("down.example")
      ? { outcome: "later", why: "503" }
      : { outcome: "later", why: "429", after_ms: 600_000 };
  expect(await scene.notifier.push(request(1))).toMatchObject({ again_ms: 5000 });
  await later(scene, 5000);
  const other = request(2, { channel: `d${ANN}.${BOB}9` as typeof channel });
  await Promise.all([scene.notifier.push(request(1, { tries: 1 })), scene.notifier.push(other)]);
  expect(paths(scene).filter((path) => path === "busy")).toHaveLength(1);
  expect(scene.counters.reasons).toEqual({ 429: 1, 503: 3, asked: 2 });
  scene.web.answer = undefined;
  await later(scene, 595_000);
  expect(await scene.notifier.push(request(1, { tries: 2 }))).toBeUndefined();
  expect(scene.web.sent.map(({ notice }) => notice.pos)).toEqual([1, 1]);
});

test("[N9] a browser is pushed only so often what shows nothing: it would show something of its own", async () => {
  await device(scene, at("a"));
  await device(scene, { kind: "fcm", token: "t" }, ANN);
  const back = (user_id: UserId, seq: number): PushRequest => ({
    ...request(seq, { user_id }),
    kind: "read",
  });
  for (let n = 1; n <= 10; n++) {
    expect(await scene.notifier.push(back(BOB, n))).toBeUndefined();
    expect(await scene.notifier.push(back(ANN, n))).toBeUndefined();
    await later(scene, GAP_MS);
  }
  expect(scene.web.sent.filter(({ target }) => target.kind === "webpush")).toHaveLength(
    SILENT_BURST,
  );
  expect(scene.web.sent.filter(({ target }) => target.kind === "fcm")).toHaveLength(10);
  expect(scene.counters.outcomes).toMatchObject({ refused: 0, silent: 10 - SILENT_BURST });
  await later(scene, 86_400_000 / SILENT_BURST);
  await scene.notifier.push(back(BOB, 11));
  expect(scene.web.sent.filter(({ target }) => target.kind === "webpush")).toHaveLength(
    SILENT_BURST + 1,
  );
});

test("[N6] after a day it is given up", async () => {
  await device(scene, at("a"));
  scene.web.answer = () => ({ outcome: "later", why: "503" });
  scene.time.now += 86_400_001;
  expect(await scene.notifier.push(request(1, { tries: 20 }))).toBeUndefined();
  expect(scene.counters.outcomes.expired).toBe(1);
  expect(scene.web.tried).toEqual([]);
});

test("[N5] of those that wait behind one that is under way, the newest stands for all", async () => {
  await device(scene, at("a"));
  const { promise, resolve } = Promise.withResolvers<{ outcome: "sent" }>();
  scene.web.answer = () => promise;
  const pushes = [1, 2, 4, 3].map((pos) => scene.notifier.push(request(pos)));
  await settle();
  expect(scene.web.tried.map(({ notice }) => notice.pos)).toEqual([1]);
  scene.web.answer = undefined;
  resolve({ outcome: "sent" });
  await settle();
  await later(scene, GAP_MS);
  expect(await Promise.all(pushes)).toEqual([undefined, undefined, undefined, undefined]);
  expect(scene.web.tried.map(({ notice }) => notice.pos)).toEqual([1, 4]);
  expect(new Set(scene.web.tried.map(({ collapse }) => collapse))).toEqual(new Set([channel]));
  await later(scene, GAP_MS);
  expect(scene.notifier.sizes()["push_lanes"]).toBe(0);
});

test("[N5][I14] no message waits in vain behind an edit or a reading of an earlier one", async () => {
  await device(scene, at("a"));
  const back: PushRequest = { ...request(0), kind: "read" };
  for (const [seq, later_pos, other] of [
    [10, 19, back],
    [20, 29, request(0, { update: true })],
  ] as const) {
    const { promise, resolve } = Promise.withResolvers<{ outcome: "sent" }>();
    scene.web.answer = () => promise;
    const first = scene.notifier.push(request(seq));
    await settle();
    scene.web.answer = undefined;
    // The other has the higher position, and is about a message before.
    const second = scene.notifier.push(request(seq + 2));
    const third = scene.notifier.push({ ...other, seq, pos: later_pos });
    resolve({ outcome: "sent" });
    await settle();
    await later(scene, GAP_MS);
    await Promise.all([first, second, third]);
    expect(scene.web.sent.at(-1)?.notice).toMatchObject({ kind: "message", seq: seq + 2 });
    await later(scene, GAP_MS);
  }
});

test("[N12] a service that hangs takes no more than its places, and nothing from the others", async () => {
  scene.web.answer = ({ target }) =>
    (target as { endpoint: string }).endpoint.includes("dead.example")
      ? new Promise(() => {})
      : { outcome: "sent" };
  await device(scene, at("dead", "dead.example"));
  const outcomes: unknown[] = [];
  for (let n = 0; n < 500; n++) {
    const own = `d${ANN}.${BOB}${n}` as typeof channel;
    void scene.notifier.push(request(n + 1, { channel: own })).then((got) => outcomes.push(got));
  }
  await settle();
  // The budget of one device ends first: the others are due later.
  expect(scene.web.tried.length).toBeLessThanOrEqual(128);
  expect(outcomes.length + scene.web.tried.length).toBe(500);
  await device(scene, at("alive"), ANN);
  expect(await scene.notifier.push(request(1, { user_id: ANN }))).toBeUndefined();
});

test("[N9] what takes a notification back is tried a few times, not for a day", async () => {
  await device(scene, at("a"));
  const { channel: at_channel } = request(1);
  const back: PushRequest = {
    kind: "read",
    user_id: BOB,
    pos: 9,
    channel: at_channel,
    seq: 3,
    badge: 0,
    seen_by: [],
    tries: 0,
  };
  await scene.notifier.push(back);
  expect(scene.web.sent[0]?.notice).toEqual({ kind: "read", channel, seq: 3, pos: 9, badge: 0 });
  await later(scene, GAP_MS);
  expect(await scene.notifier.push({ ...back, tries: 5 })).toBeUndefined();
  expect(scene.web.sent).toHaveLength(1);
});

test("[N15] what is refused to everybody fills no log: each reason is said once a minute", async () => {
  await device(scene, at("a"));
  scene.web.answer = () => ({ outcome: "refused", why: "403" });
  const said = async (): Promise<number> => {
    for (let pos = 1; pos <= 5; pos++) {
      await scene.notifier.push(request(pos));
      await later(scene, GAP_MS);
    }
    return scene.logged.splice(0).length;
  };
  expect(await said()).toBe(1);
  await later(scene, 60_000);
  expect(await said()).toBe(1);
  expect(scene.counters.outcomes.refused).toBe(10);
});

test("[N5][N6] what is tried again takes the place of nothing newer that the device has meanwhile", async () => {
  const phone = await device(scene, { kind: "fcm", token: "t" });
  scene.web.answer = () => ({ outcome: "later", why: "503" });
  expect(await scene.notifier.push(request(5))).toMatchObject({ done: [] });
  await later(scene, 2000);
  scene.web.answer = undefined;
  expect(await scene.notifier.push(request(6))).toBeUndefined();
  await later(scene, 3000);
  // An older message, the reading of an older one, an edit of an older one.
  const back: PushRequest = { ...request(5, { tries: 1 }), kind: "read", pos: 9 };
  const edit = request(5, { tries: 1, update: true, pos: 10 });
  for (const old of [request(5, { tries: 1 }), back, edit]) {
    expect(await scene.notifier.push(old)).toBeUndefined();
    await later(scene, GAP_MS);
  }
  expect(scene.web.sent.map(({ notice }) => notice.seq)).toEqual([6]);
  await scene.notifier.push({ ...back, seq: 6 });
  await later(scene, GAP_MS);
  await scene.notifier.push(request(7));
  expect(scene.web.sent.map(({ notice }) => [notice.kind, notice.seq])).toEqual([
    ["message", 6],
    ["read", 6],
    ["message", 7],
  ]);
  expect(phone).toBeString();
});
