import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
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
  const session = { url: apple.url, ca: CERTIFICATE, timeout_ms: 700 };
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

  test("[N14][N17] a badge alone shows and wakes nothing, and has a collapse id of its own", async () => {
    await sender.send(
      deliveryOf(target, { kind: "badge", channel: "badge", seq: 0, pos: 9, badge: 0 }),
    );
    const { headers, body } = apple.requests[0] as Apple["requests"][number];
    expect(headers).toMatchObject({
      "apns-push-type": "alert",
      "apns-priority": "5",
      "apns-collapse-id": "badge",
    });
    expect(JSON.parse(body)).toEqual({ aps: { badge: 0 }, kind: "badge" });
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
    // Never more than Apple lets a connection have: Bun would have the others refused.
    expect(apple.at_once).toBeWithin(10, 21);
    for (const how of ["goaway", "destroy"] as const) {
      apple.cut(how);
      // At once: nobody waits for a connection that Apple has closed.
      expect(await sender.send(deliveryOf(target))).toEqual({ outcome: "sent" });
    }
    expect(apple.connections).toBe(3);
  });

  test("[N14] what is under way when Apple closes a connection is sent, at once", async () => {
    apple.answer_ms = 50;
    for (const how of ["goaway", "destroy"] as const) {
      await sender.send(deliveryOf(target));
      const sending = Array.from({ length: 10 }, () => sender.send(deliveryOf(target)));
      await Bun.sleep(20);
      apple.cut(how);
      const sent = await Promise.all(sending);
      expect(sent.filter(({ outcome }) => outcome !== "sent")).toEqual([]);
    }
  });

  test("[N12][N14] a service that is away is not dialled once more for each who waits", async () => {
    apple.close();
    let dials = 0;
    const away = createServer((socket) => {
      dials++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => away.listen(0, "127.0.0.1", resolve));
    const url = `https://localhost:${(away.address() as AddressInfo).port}`;
    const lost = openApns({ key: KEY, now: () => time.now, session: { url, timeout_ms: 700 } });
    const sent = await Promise.all(Array.from({ length: 50 }, () => lost.send(deliveryOf(target))));
    expect(sent.every(({ outcome }) => outcome === "later")).toBe(true);
    expect(dials).toBe(1);
    await lost.close();
    away.close();
  });

  test("[N12][N14] one request that gets no answer takes none from the others", async () => {
    await sender.send(deliveryOf(target));
    apple.mood = "does not answer";
    const silent = sender.send(deliveryOf(target));
    await Bun.sleep(500);
    apple.mood = "takes";
    apple.answer_ms = 350;
    const other = sender.send(deliveryOf(target));
    expect(await silent).toEqual({ outcome: "later", why: "timeout" });
    expect(await other).toEqual({ outcome: "sent" });
    expect(await sender.send(deliveryOf(target))).toEqual({ outcome: "sent" });
    expect([apple.connections, apple.requests.length]).toEqual([2, 4]);
  });

  test("[N14] a connection that was lost without a word is noticed before the next push needs it", async () => {
    await sender.close();
    const session = { url: apple.url, ca: CERTIFICATE, timeout_ms: 300, ping_ms: 100 };
    sender = openApns({ key: KEY, now: () => time.now, session });
    await sender.send(deliveryOf(target));
    await Bun.sleep(600);
    expect(await sender.send(deliveryOf(target))).toEqual({ outcome: "sent" });
    expect(apple.connections).toBe(1);
    apple.lose();
    await Bun.sleep(600);
    expect(await sender.send(deliveryOf(target))).toEqual({ outcome: "sent" });
    expect(apple.connections).toBe(2);
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

  test("[N14] a token that Apple finds old is signed anew once for all who had it, and not more often than it may be", async () => {
    const at = time.now;
    await sender.send(deliveryOf(target));
    // Apple's clock is the right one.
    const offset = { ms: 0 };
    const session = { url: apple.url, ca: CERTIFICATE, timeout_ms: 700 };
    const slow = openApns({ key: KEY, now: () => time.now - offset.ms, session });
    await slow.send(deliveryOf(target));
    offset.ms = 35 * 60_000;
    time.now += 65 * 60_000;
    const many = Array.from({ length: 10 }, () => slow.send(deliveryOf(target)));
    expect((await Promise.all(many)).filter(({ outcome }) => outcome !== "later")).toEqual([]);
    expect(await slow.send(deliveryOf(target))).toEqual({ outcome: "sent" });
    offset.ms = 4 * 3_600_000;
    for (let n = 0; n < 3; n++) {
      const outcome = await slow.send(deliveryOf(target));
      expect(outcome).toEqual({ outcome: "later", why: "ExpiredProviderToken" });
    }
    const tokens = new Set(apple.requests.map(({ headers }) => headers["authorization"]));
    expect(tokens.size).toBe(4);
    await slow.close();
    time.now = at;
  });
});
