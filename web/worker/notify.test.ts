import { beforeEach, expect, test } from "bun:test";
import { addressOf, parseAlert, parsePush, wordsOf } from "./notice.ts";
import { clicked, createAlerting, forgetShown, isLogOut, pushed, resubscribe } from "./notify.ts";
import type { Scope } from "./notify.ts";

type Shown = { title: string; options: NotificationOptions; close: () => void; data: unknown };
type Asked = { method: string; path: string; body: unknown };

const channel = "g1500000000000000001";
const words = wordsOf("en");
let shown: Shown[];
let asked: Asked[];
let subscribed: unknown[];
let badges: number[];
let windows: string[];
let told: unknown[];
let pages: { focused: boolean; url?: string }[];
let answers: Record<string, Response[]>;

beforeEach(() => {
  subscribed = [];
  [shown, asked, badges, windows, told, pages, answers] = [[], [], [], [], [], [], {}];
});

function show(title: string, options: NotificationOptions): void {
  const close = (): void => void (shown = shown.filter((one) => one !== it));
  const it: Shown = { title, options, data: options.data, close };
  shown = [...shown.filter(({ options: { tag } }) => tag !== options.tag), it];
}

const scope = (): Scope =>
  ({
    registration: {
      showNotification: async (title: string, options: NotificationOptions) => show(title, options),
      getNotifications: async ({ tag }: { tag?: string } = {}) =>
        shown.filter(({ options }) => tag === undefined || options.tag === tag),
      pushManager: {
        subscribe: async ({ applicationServerKey }: PushSubscriptionOptionsInit) => {
          subscribed.push(applicationServerKey);
          return subscription("https://push.example/again");
        },
      },
    },
    clients: {
      matchAll: async () =>
        pages.map((page) => ({
          url: "https://chat.example/",
          ...page,
          frameType: "top-level",
          postMessage: (message: unknown) => void told.push(message),
          focus: async () => void told.push("focus"),
        })),
      openWindow: async (url: string) => void windows.push(url),
    },
    navigator: { language: "ko-KR", setAppBadge: async (count: number) => void badges.push(count) },
    fetch: async (path: string, { method = "", body }: RequestInit) => {
      asked.push({ method, path, body: typeof body === "string" ? JSON.parse(body) : undefined });
      return answers[path]?.shift() ?? Response.json({});
    },
    now: () => 1_800_000_000_000,
    random: (bytes: number) => new Uint8Array(bytes),
  }) as unknown as Scope;

const subscription = (endpoint: string): PushSubscription =>
  ({
    toJSON: () => ({ endpoint, keys: { p256dh: "p", auth: "a" } }),
  }) as unknown as PushSubscription;

const message = (seq: number, more: object = {}): string =>
  JSON.stringify({
    web_push: 8030,
    notification: {
      title: "민지",
      body: `body ${seq}`,
      navigate: "https://x/",
      tag: channel,
      silent: false,
      data: { kind: "message", channel, seq, pos: seq * 10, count: 1 },
      ...more,
    },
    app_badge: seq + 1,
  });
const read = (seq: number): string => JSON.stringify({ kind: "read", channel, seq, app_badge: 0 });

test("[N16] a chat has one notification, which its next message replaces, and the badge is set", async () => {
  await pushed(scope(), message(1));
  await pushed(scope(), message(2));
  expect(shown.map(({ title, options: { body, tag } }) => [title, body, tag])).toEqual([
    ["민지", "body 2", channel],
  ]);
  expect(shown[0]?.options).toMatchObject({ silent: false, renotify: true });
  expect(badges).toEqual([2, 3]);
});

test("[N16] an older one that comes late replaces nothing", async () => {
  await pushed(scope(), message(2));
  await pushed(scope(), message(1));
  expect(shown.map(({ options }) => options.body)).toEqual(["body 2"]);
});

test("[N9][N16] an edit of what is shown keeps no later message away, however far the feed had got", async () => {
  const placed = (seq: number, pos: number): string =>
    message(seq, { data: { kind: "message", channel, seq, pos, count: 1 } });
  await pushed(scope(), placed(1, 10));
  // The second message was there before the edit, and is due after it.
  await pushed(scope(), placed(1, 16));
  await pushed(scope(), placed(2, 15));
  expect(shown.map(({ options }) => options.body)).toEqual(["body 2"]);
  await pushed(scope(), placed(1, 16));
  expect(shown.map(({ options }) => options.body)).toEqual(["body 2"]);
});

test("[N9][N16] what was read elsewhere goes, what came after it stays", async () => {
  await pushed(scope(), message(3));
  await pushed(scope(), read(2));
  expect(shown).toHaveLength(1);
  await pushed(scope(), read(3));
  expect(shown).toEqual([]);
  expect(badges.at(-1)).toBe(0);
});

test("[N16] at log-out all that is shown goes, and the badge", async () => {
  await pushed(scope(), message(1));
  await pushed(scope(), "{}");
  expect(shown).toHaveLength(2);
  await forgetShown(scope());
  expect([shown, badges.at(-1)]).toEqual([[], 0]);
  const at = "https://chat.example";
  const calls = [
    ["POST", `${at}/v1/logout`],
    ["GET", `${at}/v1/logout`],
    ["POST", `${at}/v1/refresh`],
    ["POST", "https://else.example/v1/logout"],
  ] as const;
  expect(calls.map(([method, url]) => isLogOut({ method, url }, at))).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test("[N8][N16] a silent one makes no sound, and does not ask to be heard again", async () => {
  await pushed(scope(), message(1, { silent: true }));
  expect(shown[0]?.options).toMatchObject({ silent: true, renotify: false });
});

test("[N16] nothing is shown to somebody who looks at the app", async () => {
  pages = [{ focused: true }];
  await pushed(scope(), message(1));
  expect(shown).toEqual([]);
  pages = [{ focused: false }];
  await pushed(scope(), message(1));
  expect(shown).toHaveLength(1);
});

test("[N16] a page that is not the app is neither looked at for it nor opened in its place", async () => {
  for (const path of ["docs", "admin", "?demo", "?as=left"]) {
    pages = [{ focused: true, url: `https://chat.example/${path}` }];
    await clickOn();
    expect([path, told, windows.splice(0)]).toEqual([path, [], [`/#${channel}/7`]]);
  }
  pages.push({ focused: false, url: "https://chat.example/?with=ann" });
  await clickOn();
  expect(told).toEqual([{ type: "open_chat", channel, seq: 7 }, "focus"]);
});

test("[N16] a push that this version does not know is shown as something new", async () => {
  for (const text of ["", "no json", "{}", '{"web_push":8030}', "[1]", "null"]) {
    expect(parsePush(text, words)).toBeUndefined();
    shown = [];
    await pushed(scope(), text);
    expect(shown.map(({ options }) => options.body)).toEqual(["새 소식"]);
  }
});

test("[N16] of a message that two tabs have, one tells, and none while somebody looks at a third", async () => {
  const told = { type: "alert", channel, seq: 5, title: "민지", body: "안녕" };
  const alert = parseAlert(told, words);
  if (!alert) throw new Error("not understood");
  const inTurn = createAlerting(scope());
  pages = [{ focused: false }, { focused: true }];
  await inTurn(alert);
  expect(shown).toEqual([]);
  pages = [{ focused: false }, { focused: false }];
  let times = 0;
  const { registration } = scope();
  const counting = createAlerting({
    ...scope(),
    registration: {
      ...registration,
      showNotification: async (title, options = {}) => {
        times += 1;
        show(title, options);
      },
    },
  });
  await Promise.all([counting(alert), counting(alert)]);
  expect([times, shown.map(({ options: { body, tag } }) => [body, tag])]).toEqual([
    1,
    [["안녕", channel]],
  ]);
  for (const other of [null, "use_new_version", { ...told, title: "" }, { ...told, channel: 1 }])
    expect(parseAlert(other, words)).toBeUndefined();
});

const clickOn = async (action = "", reply = ""): Promise<void> => {
  await pushed(scope(), message(7));
  const [one] = shown;
  if (one) await clicked(scope(), one, action, reply);
};

test("[N16] a click opens the chat at the message: in an open page, else in a new one", async () => {
  await clickOn();
  expect(windows).toEqual([`/#${channel}/7`]);
  pages = [{ focused: false }];
  await clickOn();
  expect(told).toEqual([{ type: "open_chat", channel, seq: 7 }, "focus"]);
  expect([windows.length, shown.length]).toEqual([1, 0]);
  expect(addressOf({ channel: "test", seq: 0 })).toBe("/");
});

test("[N16] it is marked as read from the notification, with cookies renewed on the way", async () => {
  answers[`/v1/channels/${channel}/read`] = [new Response(null, { status: 401 })];
  await clickOn("read");
  expect(asked.map(({ method, path, body }) => [method, path, body])).toEqual([
    ["POST", `/v1/channels/${channel}/read`, { seq: 7 }],
    ["POST", "/v1/refresh", {}],
    ["POST", `/v1/channels/${channel}/read`, { seq: 7 }],
  ]);
  expect(windows).toEqual([]);
});

test("[N16] a reply is sent once and read; one that cannot be sent leads into the app", async () => {
  const path = `/v1/channels/${channel}/messages`;
  answers[path] = [new Response(null, { status: 503 })];
  await clickOn("reply", "네!");
  const sent = asked.filter((one) => one.path === path).map(({ body }) => body);
  expect(sent).toHaveLength(2);
  expect(sent[0]).toMatchObject({ body: "네!", reply_to: 7 });
  expect(sent[1]).toEqual(sent[0]);
  expect(asked.at(-1)?.path).toBe(`/v1/channels/${channel}/read`);
  answers[path] = [new Response(null, { status: 403 }), new Response(null, { status: 403 })];
  await clickOn("reply", "again");
  expect(windows).toEqual([`/#${channel}/7`]);
  await clickOn("reply", "");
  expect(windows).toHaveLength(2);
});

test("[N16] a reply without a network is kept where it was written, and sent once when it is tapped", async () => {
  const path = `/v1/channels/${channel}/messages`;
  const away = (): Response => new Response(null, { status: 503 });
  answers[path] = [away(), away(), away(), away()];
  await clickOn("reply", "네, 갈게요");
  expect(windows).toEqual([]);
  // Neither what the next message replaces, nor what is taken away when the chat is read.
  const kept = (): Shown | undefined => shown.find(({ options }) => options.body === "네, 갈게요");
  await pushed(scope(), message(8));
  await pushed(scope(), read(8));
  expect(shown).toHaveLength(1);
  for (let n = 0; n < 2; n++) await clicked(scope(), kept() as Shown, "", "");
  expect([shown, windows]).toEqual([[], []]);
  const sent = asked.filter((one) => one.path === path).map(({ body }) => body);
  expect(sent).toHaveLength(5);
  expect(new Set(sent.map((body) => JSON.stringify(body))).size).toBe(1);
  answers[path] = [away(), away(), new Response(null, { status: 403 })];
  await clickOn("reply", "네, 갈게요");
  await clicked(scope(), kept() as Shown, "", "");
  expect([shown, windows]).toEqual([[], [`/#${channel}/7`]]);
});

test("[N16] a subscription that the browser replaced is told to the server", async () => {
  const devices = () =>
    Response.json({
      devices: [
        { device_id: "1", current: false },
        { device_id: "2", current: true },
      ],
    });
  answers["/v1/devices"] = [devices(), devices()];
  await resubscribe(scope(), { newSubscription: subscription("https://push.example/new") });
  expect(asked.at(-1)).toMatchObject({
    method: "PUT",
    path: "/v1/push/2",
    body: { kind: "webpush", endpoint: "https://push.example/new" },
  });
  // What the page has said of language and quiet hours is the server's to keep.
  expect(Object.keys(asked.at(-1)?.body as object)).toEqual(["kind", "endpoint", "keys"]);
  const options = { applicationServerKey: new ArrayBuffer(65) } as PushSubscriptionOptions;
  await resubscribe(scope(), { oldSubscription: { options } as PushSubscription });
  expect(asked.at(-1)?.body).toMatchObject({ endpoint: "https://push.example/again" });
});

test("[N16] a browser that does not say what it had is subscribed with the key of the server", async () => {
  answers["/v1/devices"] = [Response.json({ devices: [{ device_id: "2", current: true }] })];
  answers["/v1/push"] = [Response.json({ key: "BKey", kinds: ["webpush"] })];
  await resubscribe(scope(), {});
  expect(subscribed).toEqual(["BKey"]);
  expect(asked.at(-1)).toMatchObject({ method: "PUT", path: "/v1/push/2" });
});
