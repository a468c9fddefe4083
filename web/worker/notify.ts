/**
 * Notifications from the server, while nobody looks at the app: one for each chat, replaced by its next, taken away when
 * it was read elsewhere, answered from where it stands. Rule N16.
 */
import { uuidV7 } from "@damso/protocol/ids";
import { call } from "./call.ts";
import type { Fetch } from "./call.ts";
import { addressOf, parsePush, placeOf, wordsOf } from "./notice.ts";
import type { Place, Pushed, Words } from "./notice.ts";

/** A window of the app. */
type Page = {
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
async function isLookedAt({ clients }: Scope): Promise<boolean> {
  const pages = await clients.matchAll({ type: "window" });
  return pages.some(({ focused }) => focused);
}

type Shown = Pick<Notification, "data" | "close">;

export async function clicked(
  scope: Scope,
  shown: Shown,
  action: string,
  reply: string,
): Promise<void> {
  const place = placeOf(shown.data);
  shown.close();
  if (action === "read" && (await markRead(scope, place))) return;
  if (action === "reply" && reply.trim() !== "" && (await answer(scope, place, reply))) return;
  // What could not be done here is done in the app.
  await open(scope, place);
}

function markRead({ fetch: ask }: Scope, { channel, seq }: Place): Promise<boolean> {
  return isDone(call(ask, "POST", `/v1/channels/${channel}/read`, { seq }));
}

async function answer(scope: Scope, place: Place, body: string): Promise<boolean> {
  const { channel, seq } = place;
  const client_id = uuidV7(scope.now(), scope.random(10));
  const path = `/v1/channels/${channel}/messages`;
  // Sent once, whatever happens to the answer: a second try names the same message.
  const send = (): Promise<boolean> =>
    isDone(call(scope.fetch, "POST", path, { client_id, body, reply_to: seq }));
  if (!(await send()) && !(await send())) return false;
  await markRead(scope, place);
  return true;
}

async function isDone(answered: Promise<Response>): Promise<boolean> {
  try {
    return (await answered).ok;
  } catch {
    return false;
  }
}

/** An open page is used before a new one. */
async function open({ clients }: Scope, place: Place): Promise<void> {
  const pages = await clients.matchAll({ type: "window" });
  const page = pages.find(({ frameType }) => frameType === "top-level");
  if (page === undefined) {
    await clients.openWindow(addressOf(place));
    return;
  }
  const { channel, seq } = place;
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
