/**
 * Notifications from the server, while nobody looks at the app: one for each chat, replaced by its next, taken away when
 * it was read elsewhere, answered from where it stands. Rule N16.
 */
import { uuidV7 } from "@damso/protocol/ids";
import { call } from "./call.ts";
import type { Fetch } from "./call.ts";
import { addressOf, parsePush, placeOf, unsentNotice, unsentOf, wordsOf } from "./notice.ts";
import type { Message, Place, Pushed, Unsent, Words } from "./notice.ts";

/** A window of the app. */
type Page = {
  url: string;
  focused: boolean;
  frameType: string;
  postMessage: (message: object) => void;
  focus: () => Promise<unknown>;
};

/** The part of the platform that is used here. */
export type Scope = {
  registration: Pick<
    ServiceWorkerRegistration,
    "showNotification" | "getNotifications" | "pushManager"
  >;
  clients: {
    matchAll: (options: { type: "window" }) => Promise<readonly Page[]>;
    openWindow: (url: string) => Promise<unknown>;
  };
  navigator: { language: string; setAppBadge?: (count: number) => Promise<void> };
  fetch: Fetch;
  now: () => number;
  random: (bytes: number) => Uint8Array;
};

export async function pushed(scope: Scope, text: string): Promise<void> {
  const words = wordsOf(scope.navigator.language);
  const push = parsePush(text, words);
  // A browser that is shown nothing may show something of its own, or take the permission back.
  if (!push) return showUnknown(scope, words);
  await Promise.all([
    scope.navigator.setAppBadge?.(push.badge).catch(() => {}),
    push.kind === "read" ? takeBack(scope, push) : show(scope, push),
  ]);
}

const showUnknown = (scope: Scope, { unknown }: Words): Promise<void> =>
  scope.registration.showNotification("Damso", {
    body: unknown,
    tag: "unknown",
    icon: "/icon-192.png",
  });

async function show(scope: Scope, push: Extract<Pushed, { kind: "message" }>): Promise<void> {
  if (await isLookedAt(scope)) return;
  const shown = await scope.registration.getNotifications({ tag: push.channel });
  // Push services promise no order: what is shown already may be newer.
  if (shown.some(({ data }) => isAfter(placeOf(data), push))) return;
  await scope.registration.showNotification(push.title, push.options);
}

/**
 * Shows what pages in the background tell of. Every tab has the message and says so: one after the other, the first is
 * shown, and none where one of the tabs is looked at.
 */
export function createAlerting(scope: Scope): (alert: Message) => Promise<void> {
  let last = Promise.resolve();
  const showOnce = async ({ title, options, channel, seq }: Message): Promise<void> => {
    if (await isLookedAt(scope)) return;
    const shown = await scope.registration.getNotifications({ tag: channel });
    if (shown.some(({ data }) => placeOf(data).seq >= seq)) return;
    await scope.registration.showNotification(title, options);
  };
  return (alert) => {
    last = last.catch(() => {}).then(() => showOnce(alert));
    return last;
  };
}

/** By message, then by position: an edit of an earlier message may have the higher position. */
const isAfter = (one: Place, other: Place): boolean =>
  one.seq === other.seq ? one.pos > other.pos : one.seq > other.seq;

async function takeBack(
  scope: Scope,
  { channel, seq }: { channel: string; seq: number },
): Promise<void> {
  const shown = await scope.registration.getNotifications({ tag: channel });
  for (const one of shown) if (placeOf(one.data).seq <= seq) one.close();
}

/** A call by which the page ends its session. */
export const isLogOut = (
  { method, url }: Pick<Request, "method" | "url">,
  origin: string,
): boolean => method === "POST" && url === `${origin}/v1/logout`;

/** Whoever signs in next, or finds the screen, is not to read what the one before was told. */
export async function forgetShown({
  registration,
  navigator,
}: Pick<Scope, "registration" | "navigator">): Promise<void> {
  for (const shown of await registration.getNotifications()) shown.close();
  await navigator.setAppBadge?.(0).catch(() => {});
}

/** Somebody has the app before their eyes: the page shows what comes. */
async function isLookedAt(scope: Scope): Promise<boolean> {
  return (await appPages(scope)).some(({ focused }) => focused);
}

/** Under the same address there are the documents, the page of who runs the server, and the demo, which know nobody. */
async function appPages({ clients }: Scope): Promise<Page[]> {
  const pages = await clients.matchAll({ type: "window" });
  return pages.filter(({ url, frameType }) => {
    const { pathname, searchParams } = new URL(url);
    const other = searchParams.has("demo") || searchParams.has("as");
    return pathname === "/" && !other && frameType === "top-level";
  });
}

type Shown = Pick<Notification, "data" | "close">;

export async function clicked(
  scope: Scope,
  shown: Shown,
  action: string,
  reply: string,
): Promise<void> {
  const unsent = unsentOf(shown.data) ?? replyIn(scope, shown, action, reply);
  const place = unsent ?? placeOf(shown.data);
  shown.close();
  if (action === "read" && (await markRead(scope, place)) === "done") return;
  // What could not be done here is done in the app.
  if (!unsent || (await answer(scope, unsent)) === "refused") await open(scope, place);
}

function replyIn(
  { now, random }: Scope,
  { data }: Shown,
  action: string,
  reply: string,
): Unsent | undefined {
  if (action !== "reply" || reply.trim() === "") return undefined;
  const { channel, seq } = placeOf(data);
  return { channel, seq, client_id: uuidV7(now(), random(10)), body: reply };
}

type Done = "done" | "refused" | "away";

const markRead = ({ fetch: ask }: Scope, { channel, seq }: At): Promise<Done> =>
  doneBy(call(ask, "POST", `/v1/channels/${channel}/read`, { seq }));

/** Where there is no network, what somebody has written stays on the screen, and a tap tries again. */
async function answer(scope: Scope, unsent: Unsent): Promise<Done> {
  const { channel, seq, client_id, body } = unsent;
  const path = `/v1/channels/${channel}/messages`;
  // Sent once, whatever happens to the answer: a second try names the same message.
  const send = (): Promise<Done> =>
    doneBy(call(scope.fetch, "POST", path, { client_id, body, reply_to: seq }));
  const first = await send();
  const done = first === "away" ? await send() : first;
  if (done === "done") await markRead(scope, unsent);
  if (done === "away") {
    const { title, options } = unsentNotice(unsent, wordsOf(scope.navigator.language));
    await scope.registration.showNotification(title, options);
  }
  return done;
}

async function doneBy(answered: Promise<Response>): Promise<Done> {
  try {
    const { ok, status } = await answered;
    if (ok) return "done";
    return status === 429 || status >= 500 ? "away" : "refused";
  } catch {
    return "away";
  }
}

type At = Pick<Place, "channel" | "seq">;

/** An open page is used before a new one. */
async function open(scope: Scope, { channel, seq }: At): Promise<void> {
  const [page] = await appPages(scope);
  if (page === undefined) {
    await scope.clients.openWindow(addressOf({ channel, seq }));
    return;
  }
  page.postMessage({ type: "open_chat", channel, seq });
  await page.focus();
}

export type Changed = {
  oldSubscription?: PushSubscription | null;
  newSubscription?: PushSubscription | null;
};

/** The browser has another address for this device, or is about to have one. */
export async function resubscribe(scope: Scope, changed: Changed): Promise<void> {
  const device_id = await ownDevice(scope);
  if (device_id === undefined) return;
  const subscription = changed.newSubscription ?? (await subscribe(scope, changed));
  const { endpoint, keys } = subscription.toJSON();
  // Language and quiet hours are the page's to say: without them the server keeps those that it has.
  await call(scope.fetch, "PUT", `/v1/push/${device_id}`, { kind: "webpush", endpoint, keys });
}

/** Not every browser says what it had. */
async function subscribe(
  { registration, fetch: ask }: Scope,
  { oldSubscription }: Changed,
): Promise<PushSubscription> {
  const old = oldSubscription?.options.applicationServerKey;
  const applicationServerKey = old ?? (await serverKey(ask));
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
}

async function serverKey(ask: Fetch): Promise<string> {
  const answered = await call(ask, "GET", "/v1/push");
  return ((await answered.json()) as { key: string }).key;
}

async function ownDevice(scope: Scope): Promise<string | undefined> {
  const answered = await call(scope.fetch, "GET", "/v1/devices");
  if (!answered.ok) return undefined;
  const { devices } = (await answered.json()) as {
    devices: { device_id: string; current: boolean }[];
  };
  return devices.find(({ current }) => current)?.device_id;
}
