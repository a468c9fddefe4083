import { describe, expect, test } from "bun:test";
import type { PushSender } from "@damso/core/ports/push";
import type { PushTarget } from "@damso/core/ports/account-records";
import { deliveryOf, NOTICE, pushSenderContract } from "@damso/contracts/push-sender";
import type { Post } from "../outbound/dial.ts";
import { parseAccount } from "./account.ts";
import { ACCOUNT, createFirebase } from "./firebase.testing.ts";
import type { Firebase } from "./firebase.testing.ts";
import { FCM_URL, openFcm } from "./open.ts";

const target: PushTarget = { kind: "fcm", token: "cLong-registration_token:APA91b" };

/** `refusal`: what FCM says to every message, with a good token. */
function stage(refusal?: { status: number; error: string; message?: string }): {
  firebase: Firebase;
  sender: PushSender;
  time: { now: number };
} {
  const time = { now: 1_800_000_000_000 };
  const firebase = createFirebase(() => time.now);
  const account = parseAccount(ACCOUNT);
  const post: Post = async (url, message) => {
    if (!refusal || !url.startsWith(FCM_URL)) return firebase.post(url, message);
    const details = [{ errorCode: refusal.error }];
    const body = JSON.stringify({ error: { details, message: refusal.message ?? "no" } });
    return { status: refusal.status, headers: new Headers(), body };
  };
  const sender = openFcm({ account, post, url: FCM_URL, now: () => time.now });
  return { firebase, sender, time };
}

describe("the contract of senders, by FCM", () =>
  pushSenderContract(async () => {
    const { firebase, sender } = stage();
    return {
      sender,
      target,
      feel: (mood) => void (firebase.mood = mood),
      heard: () => firebase.messages,
      end: () => sender.close(),
    };
  }));

test("[N13] a message is shown by Android itself, and replaces the one of its channel", async () => {
  const { firebase, sender } = stage();
  await sender.send(deliveryOf(target));
  expect(JSON.parse(firebase.messages[0] as string)).toEqual({
    message: {
      token: "cLong-registration_token:APA91b",
      notification: { title: "담소 모임", body: "민지: 오늘 저녁 어때요?" },
      data: {
        kind: "message",
        channel: NOTICE.channel,
        seq: "7",
        pos: "12",
        badge: "5",
        count: "3",
      },
      android: {
        collapse_key: NOTICE.channel,
        ttl: "86400s",
        priority: "HIGH",
        notification: { tag: NOTICE.channel, channel_id: "messages", notification_count: 5 },
      },
    },
  });
});

test("[N8] in quiet hours it goes to the channel without sound", async () => {
  const { firebase, sender } = stage();
  await sender.send(deliveryOf(target, { ...NOTICE, silent: true }));
  expect(firebase.messages[0]).toContain('"channel_id":"quiet"');
});

test("[N13] one token serves for an hour, and is asked for anew when it is not taken", async () => {
  const { firebase, sender, time } = stage();
  await Promise.all(Array.from({ length: 5 }, () => sender.send(deliveryOf(target))));
  expect(firebase.tokens_given).toBe(1);
  firebase.token = "revoked";
  expect(await sender.send(deliveryOf(target))).toEqual({ outcome: "sent" });
  expect(firebase.tokens_given).toBe(2);
  time.now += 3_600_000;
  expect(await sender.send(deliveryOf(target))).toEqual({ outcome: "sent" });
  expect(firebase.tokens_given).toBe(3);
});

test("[N13] a token that is not taken any more is replaced within the same try, once for all who had it", async () => {
  const { firebase, sender } = stage();
  await sender.send(deliveryOf(target));
  firebase.token = "revoked";
  const sent = await Promise.all(Array.from({ length: 5 }, () => sender.send(deliveryOf(target))));
  expect(sent.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 5 }, () => "sent"));
  expect(firebase.tokens_given).toBe(2);
});

test("[N6][N13] without a word of when, a busy FCM is left alone for a minute, as Google wants it", async () => {
  const { sender } = stage({ status: 429, error: "QUOTA_EXCEEDED" });
  expect(await sender.send(deliveryOf(target))).toEqual({
    outcome: "later",
    why: "QUOTA_EXCEEDED",
    after_ms: 60_000,
  });
});

test("[N11][N13] a token that is none is gone, however FCM says so", async () => {
  const message = "The registration token is not a valid FCM registration token";
  const { sender } = stage({ status: 400, error: "INVALID_ARGUMENT", message });
  expect(await sender.send(deliveryOf(target))).toEqual({ outcome: "gone", why: "token" });
  const { sender: other } = stage({ status: 400, error: "INVALID_ARGUMENT" });
  expect(await other.send(deliveryOf(target))).toMatchObject({ outcome: "refused" });
});

test("[N13] a server with the key of another project loses no subscription by it", async () => {
  const { sender } = stage({ status: 403, error: "SENDER_ID_MISMATCH" });
  expect(await sender.send(deliveryOf(target))).toEqual({
    outcome: "refused",
    why: "SENDER_ID_MISMATCH",
  });
});

test("[N17] a badge alone is nothing for Android, which counts by itself", async () => {
  const { firebase, sender } = stage();
  const notice = { kind: "badge", channel: "badge", seq: 0, pos: 9, badge: 0 } as const;
  const outcome = await sender.send(deliveryOf(target, notice));
  expect(outcome).toEqual({ outcome: "refused", why: "silent" });
  expect(firebase.messages).toEqual([]);
});

test("[N3] a message is never larger than FCM takes", async () => {
  const { firebase, sender } = stage();
  const body = "긴\u0001".repeat(3000);
  expect(await sender.send(deliveryOf(target, { ...NOTICE, body }))).toEqual({ outcome: "sent" });
  expect(Buffer.byteLength(firebase.messages[0] as string)).toBeLessThanOrEqual(4096);
});

test("[N13] an account file that is none is said to be so", () => {
  expect(() => parseAccount("no json")).toThrow("not JSON");
  expect(() => parseAccount("{}")).toThrow("lacks project_id");
});
