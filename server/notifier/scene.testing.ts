/** A notifier before push services in memory, on a clock that a test moves. */
import { afterEach, beforeEach } from "bun:test";
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
import type { PushCounters } from "./counters.ts";
import { createNotifier } from "./notifier.ts";
import type { Notifier } from "./notifier.ts";

export const ANN: UserId = "1500000000000000001" as UserId;
export const BOB: UserId = "1500000000000000002" as UserId;
export const channel: PushRequest["channel"] = `d${ANN}.${BOB}` as PushRequest["channel"];
export const START: number = Date.UTC(2026, 10, 23, 12);

export type MessageNotice = Extract<Notice, { kind: "message" }>;
type Timer = { at: number; run: () => void };

export type Scene = {
  time: { now: number };
  timers: Timer[];
  accounts: Accounts;
  web: FakeSender;
  notifier: Notifier;
  logged: string[];
  counters: PushCounters;
};

/** A new one for each test of the file. */
export function useScene(): Scene {
  const scene = {} as Scene;
  beforeEach(async () => void Object.assign(scene, await openScene()));
  afterEach(() => scene.accounts.close());
  return scene;
}

async function openScene(): Promise<Scene> {
  const [time, web, logged] = [{ now: START }, createFakeSender(), [] as string[]];
  const [accounts, counters] = [memoryAccounts(), createPushCounters()];
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
  const timers: Timer[] = [];
  const say = (message: string, fields?: object): void =>
    void logged.push(message + JSON.stringify(fields));
  const notifier = createNotifier({
    accounts,
    bus: { request: async () => refuse("not_found") },
    senders: { webpush: web, fcm: web, apns: web },
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
  return { time, timers, accounts, web, notifier, logged, counters };
}

export async function later({ time, timers }: Scene, ms: number): Promise<void> {
  time.now += ms;
  await settle();
  const due = timers.splice(0);
  timers.push(...due.filter(({ at }) => at > time.now));
  for (const { at, run } of due) if (at <= time.now) run();
  await settle();
}
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

export const at = (path: string, host = "push.example"): PushTarget => ({
  kind: "webpush",
  endpoint: `https://${host}/${path}`,
  keys: { p256dh: "p", auth: "a" },
});

let serial = 0;
export async function device(
  { accounts }: Scene,
  target: PushTarget,
  user_id = BOB,
): Promise<DeviceId> {
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

export type MessageRequest = Extract<PushRequest, { kind: "message" }>;

export function request(
  pos: number,
  more: Partial<MessageRequest> = {},
  body = "hello",
): MessageRequest {
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

export const texts = ({ web }: Scene): [string, string][] =>
  web.sent.map(({ notice }) => [(notice as MessageNotice).title, (notice as MessageNotice).body]);
export const paths = ({ web }: Scene): string[] =>
  web.tried.map(({ target }) => (target as { endpoint: string }).endpoint.slice(21));
