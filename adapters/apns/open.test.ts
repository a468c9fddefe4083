import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { PushSender } from "@damso/core/ports/push";
import type { PushTarget } from "@damso/core/ports/account-records";
import { deliveryOf, NOTICE, pushSenderContract } from "@damso/contracts/push-sender";
import { CERTIFICATE } from "../outbound/certificate.testing.ts";
import { KEY, openApple } from "./apple.testing.ts";
import type { Apple } from "./apple.testing.ts";
import { openApns } from "./open.ts";

const target: PushTarget = {
  kind: "apns",
  token: "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0",
  topic: "app.damso",
};
const time = { now: 1_800_000_000_000 };
let apple: Apple;
let sender: PushSender;

async function open(): Promise<void> {
  apple = await openApple(() => time.now);
  const session = { url: apple.url, ca: CERTIFICATE, timeout_ms: 300 };
  sender = openApns({ key: KEY, now: () => time.now, session });
}
async function end(): Promise<void> {
  await sender.close();
  apple.close();
}

describe("the contract of senders, by APNs", () =>
  pushSenderContract(async () => {
    await open();
    return {
      sender,
      target,
      end,
      feel: (mood) => void (apple.mood = mood),
      heard: () => apple.requests.map(({ body }) => body),
    };
  }));

describe("APNs", () => {
  beforeEach(open);
  afterEach(end);

  test("[N14] an alert: path, topic, type, priority, expiration, collapse id, and the payload", async () => {
    await sender.send(deliveryOf(target));
    const { headers, body } = apple.requests[0] as Apple["requests"][number];
    expect(headers).toMatchObject({
      ":method": "POST",
      ":path": "/3/device/00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0",
      "apns-topic": "app.damso",
      "apns-push-type": "alert",
      "apns-priority": "10",
      "apns-expiration": String(1_800_000_000 + 86_400),
      "apns-collapse-id": NOTICE.channel,
    });
    expect(JSON.parse(body)).toEqual({
      aps: {
        alert: { title: "담소 모임", body: "민지: 오늘 저녁 어때요?" },
        badge: 5,
        sound: "default",
        "thread-id": NOTICE.channel,
      },
      kind: "message",
      channel: NOTICE.channel,
      seq: 7,
      pos: 12,
      count: 3,
    });
  });

  test("[N9][N14] what takes a notification back comes in the background, with the badge", async () => {
    await sender.send(
      deliveryOf(target, { kind: "read", channel: "g1", seq: 7, pos: 9, badge: 0 }),
    );
    const { headers, body } = apple.requests[0] as Apple["requests"][number];
    expect(headers).toMatchObject({ "apns-push-type": "background", "apns-priority": "5" });
    expect(JSON.parse(body)).toMatchObject({
      aps: { "content-available": 1, badge: 0 },
      kind: "read",
    });
  });

  test("[N8] in quiet hours it has no sound", async () => {
    await sender.send(deliveryOf(target, { ...NOTICE, silent: true }));
    expect(JSON.parse(apple.requests[0]?.body ?? "").aps).not.toHaveProperty("sound");
  });

  test("[N14] many at once share one connection, and one that ended is replaced", async () => {
    const sent = await Promise.all(
      Array.from({ length: 50 }, () => sender.send(deliveryOf(target))),
    );
    expect(sent.every(({ outcome }) => outcome === "sent")).toBe(true);
    expect(apple.connections).toBe(1);
    for (const how of ["goaway", "destroy"] as const) {
      apple.cut(how);
      const until = Date.now() + 2000;
      let last = await sender.send(deliveryOf(target));
      while (last.outcome !== "sent" && Date.now() < until)
        last = await sender.send(deliveryOf(target));
      expect(last).toEqual({ outcome: "sent" });
    }
    expect(apple.connections).toBeGreaterThan(1);
  });

  test("[N12][N14] what cannot be a device or an app of Apple's is refused, and never sent", async () => {
    const bad = [
      { ...target, token: "" },
      { ...target, token: "\ud800" },
      { ...target, token: "../00fc" },
      { ...target, token: "0".repeat(4096) },
      { ...target, topic: "app\ndamso" },
      { ...target, topic: "앱" },
    ];
    for (const each of bad) {
      expect(sender.refusal(each)).toBeString();
      expect(await sender.send(deliveryOf(each))).toMatchObject({ outcome: "refused" });
    }
    expect(apple.requests).toEqual([]);
    expect(sender.refusal(target)).toBeUndefined();
  });

  test("[N14] the token is signed anew before Apple finds it old", async () => {
    for (let n = 0; n < 4; n++) {
      expect(await sender.send(deliveryOf(target))).toEqual({ outcome: "sent" });
      time.now += 30 * 60_000;
    }
    const tokens = new Set(apple.requests.map(({ headers }) => headers["authorization"]));
    expect(tokens.size).toBe(2);
  });
});
