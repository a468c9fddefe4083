import { describe, expect, test } from "bun:test";
import type { PushSender } from "@damso/core/ports/push";
import type { PushTarget } from "@damso/core/ports/account-records";
import { deliveryOf, NOTICE, pushSenderContract } from "@damso/contracts/push-sender";
import { parseAccount } from "./account.ts";
import { ACCOUNT, createFirebase } from "./firebase.testing.ts";
import type { Firebase } from "./firebase.testing.ts";
import { FCM_URL, openFcm } from "./open.ts";

const target: PushTarget = { kind: "fcm", token: "cLong-registration_token:APA91b" };

function stage(): { firebase: Firebase; sender: PushSender; time: { now: number } } {
  const time = { now: 1_800_000_000_000 };
  const firebase = createFirebase(() => time.now);
  const account = parseAccount(ACCOUNT);
  const sender = openFcm({ account, post: firebase.post, url: FCM_URL, now: () => time.now });
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
  expect(await sender.send(deliveryOf(target))).toMatchObject({ outcome: "later" });
  expect(await sender.send(deliveryOf(target))).toEqual({ outcome: "sent" });
  expect(firebase.tokens_given).toBe(2);
  time.now += 3_600_000;
  expect(await sender.send(deliveryOf(target))).toEqual({ outcome: "sent" });
  expect(firebase.tokens_given).toBe(3);
});

test("[N13] an account file that is none is said to be so", () => {
  expect(() => parseAccount("no json")).toThrow("not JSON");
  expect(() => parseAccount("{}")).toThrow("lacks project_id");
});
