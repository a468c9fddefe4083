import { describe, expect, test } from "bun:test";
import webPush from "web-push";
import type { SendOutcome } from "@damso/core/ports/push";
import { deliveryOf, NOTICE, pushSenderContract } from "@damso/contracts/push-sender";
import type { SenderScene, ServiceMood } from "@damso/contracts/push-sender";
import { createPost } from "../outbound/dial.ts";
import type { Message, Post, Reply } from "../outbound/dial.ts";
import { createBrowser } from "./browser.testing.ts";
import type { Browser } from "./browser.testing.ts";
import { openWebPush, outcomeOf } from "./open.ts";
import { createVapid, deriveVapid } from "./vapid.ts";

const NOW = 1_800_000_000_000;
const keys = deriveVapid(new Uint8Array(32).fill(3));
const subject = "mailto:ops@chat.example";

const reply = (status: number, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: new Headers(headers),
  body: "",
});

/** RFC 8030, 5 and 7: what a push service answers. */
const ANSWERS: Record<ServiceMood, () => Reply> = {
  takes: () => reply(201),
  "knows no such address": () => reply(410),
  "is busy for 7 s": () => reply(429, { "retry-after": "7" }),
  fails: () => reply(503),
  "does not answer": () => {
    throw Object.assign(new Error("no answer in time"), { code: "timeout" });
  },
  "will never take it": () => reply(400),
};

type Stage = SenderScene & { browser: Browser; posts: { url: string; message: Message }[] };

async function stage(endpoint?: string): Promise<Stage> {
  const browser = createBrowser(endpoint);
  const posts: Stage["posts"] = [];
  let mood: ServiceMood = "takes";
  const post: Post = async (url, message) => {
    posts.push({ url, message });
    return ANSWERS[mood]();
  };
  const sender = openWebPush({
    post,
    services: ["push.example", ".push.apple.com"],
    anywhere: false,
    page: "https://chat.example/",
    now: () => NOW,
    vapid: createVapid(keys, { subject, now: () => NOW }),
  });
  return {
    sender,
    browser,
    posts,
    target: browser.target,
    feel: (wanted) => void (mood = wanted),
    heard: () => posts.map(({ message }) => browser.read(message.body as Uint8Array)),
    end: async () => {},
  };
}

describe("the contract of senders, by Web Push", () => pushSenderContract(() => stage()));

test("[N3] a browser gets a declarative push message, whose bytes a service worker reads as well", async () => {
  const { sender, browser, heard } = await stage();
  await sender.send(deliveryOf(browser.target));
  expect(JSON.parse(heard()[0] as string)).toEqual({
    web_push: 8030,
    notification: {
      title: NOTICE.title,
      body: "민지: 오늘 저녁 어때요?",
      navigate: `https://chat.example/#${NOTICE.channel}/7`,
      tag: NOTICE.channel,
      silent: false,
      renotify: true,
      data: { kind: "message", channel: NOTICE.channel, seq: 7, pos: 12, count: 3 },
      app_badge: "5",
    },
    app_badge: 5,
  });
});

test("[N1][N2][N5] the request is as RFC 8030 wants it", async () => {
  const { sender, browser, posts } = await stage();
  await sender.send(deliveryOf(browser.target));
  const { url, message } = posts[0] as Stage["posts"][number];
  expect(url).toBe(browser.target.endpoint);
  expect(message.headers).toMatchObject({
    "content-encoding": "aes128gcm",
    ttl: "86400",
    urgency: "high",
    topic: expect.stringMatching(/^[A-Za-z0-9_-]{32}$/),
    authorization: expect.stringMatching(/^vapid t=[\w-]+\.[\w-]+\.[\w-]+, k=[\w-]{87}$/),
  });
  expect(JSON.stringify(message.headers)).not.toContain(NOTICE.channel);
  expect((message.body as Uint8Array).byteLength).toBeLessThanOrEqual(4096);
});

test("[N5] a topic is the chat's on one device, and says of no two that they are in the same chat", async () => {
  const topics: unknown[] = [];
  for (const to of [
    (await stage("https://push.example/a")).browser.target,
    (await stage("https://push.example/b")).browser.target,
  ]) {
    const { sender, posts } = await stage();
    for (const channel of ["g1", "g1", "g2"])
      await sender.send(deliveryOf(to, { ...NOTICE, channel }));
    topics.push(...posts.map(({ message }) => message.headers["topic"]));
  }
  expect([topics[0], topics[3]]).toEqual([topics[1], topics[4]]);
  expect(new Set(topics).size).toBe(4);
});

test("[N1][N2] what another library makes has the same headers and is read the same", async () => {
  const { browser } = await stage();
  const { public_key, private_key } = keys;
  const { d = "" } = private_key.export({ format: "jwk" });
  const theirs = webPush.generateRequestDetails(browser.target, "of others", {
    vapidDetails: { subject, publicKey: public_key, privateKey: d },
    contentEncoding: "aes128gcm",
  });
  expect(browser.read(theirs.body as Buffer)).toBe("of others");
  expect(String(theirs.headers["Authorization"])).toContain(`k=${public_key}`);
});

test("[N4] an endpoint of somebody else is never posted to", async () => {
  for (const endpoint of [
    "https://evil.example/a",
    "https://push.example.evil.example/a",
    "https://notpush.example/a",
    "https://push.example:444/a",
    "https://10.0.0.1/a",
  ]) {
    const { sender, browser, posts } = await stage(endpoint);
    expect(sender.refusal(browser.target)).toBeString();
    expect(await sender.send(deliveryOf(browser.target))).toMatchObject({ outcome: "refused" });
    expect(posts).toEqual([]);
  }
});

test("[N4][N6] a name server that leads astray for a moment loses no message", async () => {
  const { browser } = await stage();
  const astray = openWebPush({
    post: createPost({ lookup: async () => ["127.0.0.1"] }),
    services: ["push.example"],
    anywhere: false,
    page: "https://chat.example/",
    now: () => NOW,
    vapid: createVapid(keys, { subject, now: () => NOW }),
  });
  const outcome = await astray.send(deliveryOf(browser.target));
  expect(outcome).toEqual({ outcome: "later", why: "address" });
});

test("[N9] Safari is not pushed what shows nothing", async () => {
  const { sender, browser, posts } = await stage("https://web.push.apple.com/abc");
  const back = { kind: "read", channel: NOTICE.channel, seq: 1, pos: 2, badge: 0 } as const;
  expect(await sender.send(deliveryOf(browser.target, back))).toMatchObject({ outcome: "refused" });
  expect(posts).toEqual([]);
});

test("[N17] no browser is pushed a badge alone: each would have to show something", async () => {
  const { sender, browser, posts } = await stage();
  const notice = { kind: "badge", channel: "badge", seq: 0, pos: 9, badge: 0 } as const;
  const outcome = await sender.send(deliveryOf(browser.target, notice));
  expect(outcome).toEqual({ outcome: "refused", why: "silent" });
  expect(posts).toEqual([]);
});

test("[N11] a subscription whose keys are none is gone", async () => {
  const { sender, browser } = await stage();
  const target = { ...browser.target, keys: { p256dh: "p", auth: "a" } };
  expect(await sender.send(deliveryOf(target))).toMatchObject({ outcome: "gone" });
  expect(sender.refusal(target)).toContain("keys");
});

const cases: [status: number, retry_after: string | null, outcome: SendOutcome][] = [
  [200, null, { outcome: "sent" }],
  [202, null, { outcome: "sent" }],
  [307, null, { outcome: "refused", why: "307" }],
  [403, null, { outcome: "refused", why: "403" }],
  [404, null, { outcome: "gone", why: "404" }],
  [413, null, { outcome: "refused", why: "413" }],
  [429, null, { outcome: "later", why: "429" }],
  [429, "soon", { outcome: "later", why: "429" }],
  [500, "30", { outcome: "later", why: "500", after_ms: 30_000 }],
  [503, new Date(NOW + 90_000).toUTCString(), { outcome: "later", why: "503", after_ms: 90_000 }],
];

test("[N6][N11] each answer of a push service has one outcome", () => {
  for (const [status, after, outcome] of cases)
    expect(outcomeOf(reply(status, after === null ? {} : { "retry-after": after }), NOW)).toEqual(
      outcome,
    );
});
