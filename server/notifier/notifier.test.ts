import { afterEach, beforeEach, expect, test } from "bun:test";
import { memoryAccounts } from "@damso/contracts/fakes/accounts";
import { createFakeSender } from "@damso/contracts/fakes/push-sender";
import type { FakeSender } from "@damso/contracts/fakes/push-sender";
import type { PushTarget } from "@damso/core/ports/account-records";
import type { Accounts } from "@damso/core/ports/accounts";
import type { Notice } from "@damso/core/ports/push";
import type { PushRequest } from "@damso/core/push/rules";
import { refuse } from "@damso/core/result";
import type { DeviceId, SessionId, UserId } from "@damso/protocol/ids";
import { SILENT } from "../log.ts";
import { createPushCounters } from "./counters.ts";
import { GAP_MS } from "./lanes.ts";
import { createNotifier, SILENT_BURST } from "./notifier.ts";
import type { Notifier } from "./notifier.ts";

const ANN = "1500000000000000001" as UserId;
const BOB = "1500000000000000002" as UserId;
const channel = `d${ANN}.${BOB}` as PushRequest["channel"];
const START = Date.UTC(2026, 10, 23, 12);

type MessageNotice = Extract<Notice, { kind: "message" }>;
type Timer = { at: number; run: () => void };

let time: { now: number };
let timers: Timer[];
let accounts: Accounts;
let web: FakeSender;
let notifier: Notifier;
let logged: string[];
let counters: ReturnType<typeof createPushCounters>;

beforeEach(async () => {
  [time, timers, logged] = [{ now: START }, [], []];
  accounts = memoryAccounts();
  for (const [user_id, name] of [
    [ANN, "Ann"],
    [BOB, "Bob"],
  ] as const)
    await accounts.users.create({
      user_id,
      username: name.toLowerCase(),
      name,
      password_hash: "h",
      created_at: START,
    });
  web = createFakeSender();
  counters = createPushCounters();
  const say = (message: string, fields?: object): void =>
    void logged.push(message + JSON.stringify(fields));
  notifier = createNotifier({
    accounts,
    bus: { request: async () => refuse("not_found") },
    senders: { webpush: web, fcm: web },
    clock: { now: () => time.now },
    timers: {
      after: (ms, run) => {
        timers.push({ at: time.now + ms, run });
        return () => {};
      },
    },
    random: { next: () => 0 },
    log: { ...SILENT, info: say, warn: say },
    counters,
    delayed: () => {},
  });
});
afterEach(() => accounts.close());

async function later(ms: number): Promise<void> {
  time.now += ms;
  await settle();
  const due = timers.filter(({ at }) => at <= time.now);
  timers = timers.filter(({ at }) => at > time.now);
  for (const { run } of due) run();
  await settle();
}
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

const at = (path: string, host = "push.example"): PushTarget => ({
  kind: "webpush",
  endpoint: `https://${host}/${path}`,
  keys: { p256dh: "p", auth: "a" },
});

let serial = 0;
async function device(target: PushTarget, user_id = BOB): Promise<DeviceId> {
  const name = `${++serial}`.padStart(19, "1");
  const device_id = name as DeviceId;
  const made = await accounts.sessions.create(
    {
      session_id: name as SessionId,
      device_id,
      user_id,
      device_name: "x",
      time_zone: null,
      created_at: START,
      family_hash: `f${name}`,
      token_hash: `t${name}`,
    },
    { devices_max: 30, if_hash: "h" },
  );
  if (made.outcome !== "created") throw new Error(made.outcome);
  await accounts.subscriptions.put({ user_id, device_id, target, now: START });
  return device_id;
}

type MessageRequest = Extract<PushRequest, { kind: "message" }>;

function request(pos: number, more: Partial<MessageRequest> = {}, body = "hello"): MessageRequest {
  return {
    kind: "message",
    user_id: BOB,
    pos,
    channel,
    seq: pos,
    badge: 4,
    seen_by: [],
    tries: 0,
    mention: false,
    unread: 1,
    private: false,
    update: false,
    message: {
      message_id: "1" as never,
      channel,
      seq: pos,
      kind: "text",
      sender_id: ANN,
      body,
      client_id: "c" as never,
      rev: 1,
      body_rev: 1,
      created_at: new Date(START - 2000).toISOString(),
    },
    ...more,
  };
}

const texts = (): [string, string][] =>
  web.sent.map(({ notice }) => [(notice as MessageNotice).title, (notice as MessageNotice).body]);
const paths = (sender = web): string[] =>
  sender.tried.map(({ target }) => (target as { endpoint: string }).endpoint.slice(21));

test("[N3] says who, what and how many, with the badge", async () => {
  await device({ ...at("a"), locale: "ko-KR" });
  await device(at("b"));
  await notifier.push(request(1, { unread: 3 }, "  hi\n\nthere  "));
  expect(texts()).toEqual([
    ["Ann", "새 메시지 3개\nhi there"],
    ["Ann", "3 new messages\nhi there"],
  ]);
  expect(web.sent[0]?.notice).toMatchObject({ badge: 4, count: 3, seq: 1, silent: false });
});

test("[N3] a long text is quoted by its beginning", async () => {
  await device(at("a"));
  await notifier.push(request(1, {}, "🙂".repeat(500)));
  expect([...(texts()[0]?.[1] ?? "")]).toHaveLength(160);
});

test("[N3] a cut goes through no code point: services refuse half of one, and the message would be lost", async () => {
  await device(at("a"));
  await notifier.push(request(1, {}, `a${" ".repeat(638)}🙂 and more`));
  await later(GAP_MS);
  await notifier.push(request(2, {}, "🙂".repeat(400)));
  for (const [, body] of texts()) expect(body.isWellFormed()).toBe(true);
});

test("[N10] in private neither names nor text leave, whatever the device", async () => {
  await device(at("a"));
  await notifier.push(request(1, { private: true }));
  await later(GAP_MS);
  await notifier.push(request(2, { private: true, unread: 2 }));
  expect(texts()).toEqual([
    ["Damso", "New message"],
    ["Damso", "2 new messages"],
  ]);
});

test("[N8] quiet hours are those of the device's zone", async () => {
  const quiet_hours = { from: "20:00", to: "07:00" };
  await device({ ...at("seoul"), time_zone: "Asia/Seoul", quiet_hours });
  await device({ ...at("paris"), time_zone: "Europe/Paris", quiet_hours });
  await notifier.push(request(1));
  expect(web.sent.map(({ notice }) => (notice as MessageNotice).silent)).toEqual([true, false]);
});

test("[I14] devices that have it get none, the others one", async () => {
  const first = await device(at("a"));
  await device(at("b"));
  expect(await notifier.push(request(1, { seen_by: [first] }))).toBeUndefined();
  expect(paths()).toEqual(["b"]);
});

test("[N6] what a service does not take is due again for its devices only, later each time or when it says", async () => {
  const good = await device(at("a"));
  await device(at("b", "down.example"));
  web.answer = ({ target }) =>
    (target as { endpoint: string }).endpoint.includes("down.example")
      ? { outcome: "later", why: "503" }
      : { outcome: "sent" };
  expect(await notifier.push(request(1))).toEqual({ again_ms: 5000, done: [good] });
  await later(GAP_MS);
  const again = { tries: 3, seen_by: [good] };
  expect(await notifier.push(request(1, again))).toEqual({ again_ms: 40_000, done: [] });
  await later(GAP_MS);
  expect(await notifier.push(request(1, { ...again, tries: 30 }))).toMatchObject({
    again_ms: 600_000,
  });
  web.answer = () => ({ outcome: "later", why: "429", after_ms: 7000 });
  await later(GAP_MS);
  expect(await notifier.push(request(1, again))).toMatchObject({ again_ms: 7000 });
});

test("[N6] what is told to come back soon, again and again, comes back less often", async () => {
  await device(at("a"));
  web.answer = () => ({ outcome: "later", why: "503", after_ms: 1000 });
  const again: (number | undefined)[] = [];
  for (const tries of [0, 2, 8, 20]) {
    again.push((await notifier.push(request(1, { tries })))?.again_ms);
    await later(GAP_MS);
  }
  expect(again).toEqual([1000, 1000, 64_000, 600_000]);
});

test("[N6] a device whose service wants to be left alone is, whoever else is tried again, and in every chat", async () => {
  await device(at("busy"));
  await device(at("down", "down.example"));
  web.answer = ({ target }) =>
    (target as { endpoint: string }).endpoint.includes("down.example")
      ? { outcome: "later", why: "503" }
      : { outcome: "later", why: "429", after_ms: 600_000 };
  expect(await notifier.push(request(1))).toMatchObject({ again_ms: 5000 });
  await later(5000);
  const other = request(2, { channel: `d${ANN}.${BOB}9` as typeof channel });
  await Promise.all([notifier.push(request(1, { tries: 1 })), notifier.push(other)]);
  expect(paths().filter((path) => path === "busy")).toHaveLength(1);
  expect(counters.reasons).toEqual({ 429: 1, 503: 3, asked: 2 });
  web.answer = undefined;
  await later(595_000);
  expect(await notifier.push(request(1, { tries: 2 }))).toBeUndefined();
  expect(web.sent.map(({ notice }) => notice.pos)).toEqual([1, 1]);
});

test("[N9] a browser is pushed only so often what shows nothing: it would show something of its own", async () => {
  await device(at("a"));
  await device({ kind: "fcm", token: "t" }, ANN);
  const back = (user_id: UserId, seq: number): PushRequest => ({
    ...request(seq, { user_id }),
    kind: "read",
  });
  for (let n = 1; n <= 10; n++) {
    expect(await notifier.push(back(BOB, n))).toBeUndefined();
    expect(await notifier.push(back(ANN, n))).toBeUndefined();
    await later(GAP_MS);
  }
  expect(web.sent.filter(({ target }) => target.kind === "webpush")).toHaveLength(SILENT_BURST);
  expect(web.sent.filter(({ target }) => target.kind === "fcm")).toHaveLength(10);
  expect(counters.outcomes).toMatchObject({ refused: 0, silent: 10 - SILENT_BURST });
  await later(86_400_000 / SILENT_BURST);
  await notifier.push(back(BOB, 11));
  expect(web.sent.filter(({ target }) => target.kind === "webpush")).toHaveLength(SILENT_BURST + 1);
});

test("[N6] after a day it is given up", async () => {
  await device(at("a"));
  web.answer = () => ({ outcome: "later", why: "503" });
  time.now += 86_400_001;
  expect(await notifier.push(request(1, { tries: 20 }))).toBeUndefined();
  expect(counters.outcomes.expired).toBe(1);
  expect(web.tried).toEqual([]);
});

test("[N11] an address that is gone is forgotten, unless it was renewed meanwhile", async () => {
  const device_id = await device(at("old"));
  web.answer = () => ({ outcome: "gone", why: "410" });
  expect(await notifier.push(request(1))).toBeUndefined();
  expect(await accounts.subscriptions.listByUser(BOB)).toEqual([]);
  await later(GAP_MS);
  await accounts.subscriptions.put({ user_id: BOB, device_id, target: at("old"), now: START });
  web.answer = async () => {
    await accounts.subscriptions.put({ user_id: BOB, device_id, target: at("new"), now: START });
    return { outcome: "gone", why: "410" };
  };
  await notifier.push(request(2));
  expect((await accounts.subscriptions.listByUser(BOB)).map(({ target }) => target)).toEqual([
    at("new"),
  ]);
});

test("[N5] of those that wait behind one that is under way, the newest stands for all", async () => {
  await device(at("a"));
  const { promise, resolve } = Promise.withResolvers<{ outcome: "sent" }>();
  web.answer = () => promise;
  const pushes = [1, 2, 4, 3].map((pos) => notifier.push(request(pos)));
  await settle();
  expect(web.tried.map(({ notice }) => notice.pos)).toEqual([1]);
  web.answer = undefined;
  resolve({ outcome: "sent" });
  await settle();
  await later(GAP_MS);
  expect(await Promise.all(pushes)).toEqual([undefined, undefined, undefined, undefined]);
  expect(web.tried.map(({ notice }) => notice.pos)).toEqual([1, 4]);
  expect(new Set(web.tried.map(({ collapse }) => collapse))).toEqual(new Set([channel]));
  await later(GAP_MS);
  expect(notifier.sizes()["push_lanes"]).toBe(0);
});

test("[I17] a device that was logged out while its push waited gets nothing more", async () => {
  await device(at("a"));
  const { promise, resolve } = Promise.withResolvers<{ outcome: "sent" }>();
  web.answer = () => promise;
  const pushes = [request(1), request(2)].map((one) => notifier.push(one));
  await settle();
  await accounts.sessions.revoke(BOB, { all_but: null }, time.now);
  resolve({ outcome: "sent" });
  await settle();
  await later(GAP_MS);
  expect(await Promise.all(pushes)).toEqual([undefined, undefined]);
  expect(web.tried.map(({ notice }) => notice.seq)).toEqual([1]);
  expect(counters.reasons).toEqual({ ended: 1 });
});

test("[N5][I14] no message waits in vain behind an edit or a reading of an earlier one", async () => {
  await device(at("a"));
  const back: PushRequest = { ...request(0), kind: "read" };
  for (const [seq, later_pos, other] of [
    [10, 19, back],
    [20, 29, request(0, { update: true })],
  ] as const) {
    const { promise, resolve } = Promise.withResolvers<{ outcome: "sent" }>();
    web.answer = () => promise;
    const first = notifier.push(request(seq));
    await settle();
    web.answer = undefined;
    // The other has the higher position, and is about a message before.
    const second = notifier.push(request(seq + 2));
    const third = notifier.push({ ...other, seq, pos: later_pos });
    resolve({ outcome: "sent" });
    await settle();
    await later(GAP_MS);
    await Promise.all([first, second, third]);
    expect(web.sent.at(-1)?.notice).toMatchObject({ kind: "message", seq: seq + 2 });
    await later(GAP_MS);
  }
});

test("[N12] a service that hangs takes no more than its places, and nothing from the others", async () => {
  web.answer = ({ target }) =>
    (target as { endpoint: string }).endpoint.includes("dead.example")
      ? new Promise(() => {})
      : { outcome: "sent" };
  await device(at("dead", "dead.example"));
  const outcomes: unknown[] = [];
  for (let n = 0; n < 500; n++) {
    const own = `d${ANN}.${BOB}${n}` as typeof channel;
    void notifier.push(request(n + 1, { channel: own })).then((got) => outcomes.push(got));
  }
  await settle();
  // The budget of one device ends first: the others are due later.
  expect(web.tried.length).toBeLessThanOrEqual(128);
  expect(outcomes.length + web.tried.length).toBe(500);
  await device(at("alive"), ANN);
  expect(await notifier.push(request(1, { user_id: ANN }))).toBeUndefined();
});

test("[N9] what takes a notification back is tried a few times, not for a day", async () => {
  await device(at("a"));
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
  await notifier.push(back);
  expect(web.sent[0]?.notice).toEqual({ kind: "read", channel, seq: 3, pos: 9, badge: 0 });
  await later(GAP_MS);
  expect(await notifier.push({ ...back, tries: 5 })).toBeUndefined();
  expect(web.sent).toHaveLength(1);
});

test("[N15] a test goes to the device that asks, and says what came of it", async () => {
  const device_id = await device(at("a"));
  await device(at("b"));
  expect(await notifier.test(BOB, device_id)).toEqual({ outcome: "sent" });
  expect(paths()).toEqual(["a"]);
  expect(await notifier.test(ANN, device_id)).toEqual({ outcome: "none" });
  expect(await notifier.testAll(BOB)).toEqual({ devices: 2 });
});

test("[N15] logs and counters hold neither addresses nor names nor texts", async () => {
  await device(at("secret-address"));
  web.answer = () => ({ outcome: "refused", why: "https://push.example/secret-address" });
  await notifier.push(request(1, {}, "secret text"));
  await later(GAP_MS);
  web.answer = () => ({ outcome: "gone", why: "410" });
  await notifier.push(request(2, {}, "secret text"));
  const told = JSON.stringify([logged, counters.reasons]);
  expect(logged.length).toBeGreaterThan(0);
  for (const secret of ["secret", "Ann", "push.example", channel])
    expect(told).not.toContain(secret);
});

test("[N15] what is refused to everybody fills no log: each reason is said once a minute", async () => {
  await device(at("a"));
  web.answer = () => ({ outcome: "refused", why: "403" });
  const said = async (): Promise<number> => {
    for (let pos = 1; pos <= 5; pos++) {
      await notifier.push(request(pos));
      await later(GAP_MS);
    }
    return logged.splice(0).length;
  };
  expect(await said()).toBe(1);
  await later(60_000);
  expect(await said()).toBe(1);
  expect(counters.outcomes.refused).toBe(10);
});
