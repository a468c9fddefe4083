/** Pushes through the store's own service: the permission, the token, and what a tap on a notification leads to. */
import { signal } from "@preact/signals";
import type { Host, IsRead, Permission, Subscription } from "../../model/host.ts";
import type { Bridge } from "./bridge.ts";

const PLUGIN = "PushNotifications";
/** A phone that has no service of its store never answers. */
const TOKEN_MS_MAX = 20_000;

/** Android's channels of notifications: the server names them in what it sends (rule N13). */
export type ChannelNames = { messages: string; quiet: string };

const LOUD = { id: "messages", importance: 4, vibration: true };
const SILENT = { id: "quiet", importance: 2, vibration: false };

type Told = { kind?: unknown; channel?: unknown; seq?: unknown };
type Shown = { id: string; tag?: string; data?: Told };
type Tap = { notification?: { data?: Told } };
/** Goes to a chat, or to a message in it. */
export type Go = (channel: string, seq: number | undefined) => void;

type Pushing = Pick<
  Host,
  "permission" | "askPermission" | "subscribe" | "unsubscribe" | "onMoved" | "clear"
>;

export async function openPush(bridge: Bridge, names: ChannelNames, go: Go): Promise<Pushing> {
  const read = async (method: string): Promise<Permission> => {
    const { receive } = await bridge.call<{ receive: string }>(PLUGIN, method);
    return receive === "granted" || receive === "denied" ? receive : "default";
  };
  bridge.listen<Tap>(PLUGIN, "pushNotificationActionPerformed", (tap) => follow(tap, go));
  if (bridge.platform === "android") {
    await makeChannels(bridge, names);
    bridge.listen<{ data?: Told }>(
      PLUGIN,
      "pushNotificationReceived",
      ({ data }) => void withdraw(bridge, data).catch(() => undefined),
    );
  }
  const permission = signal(await read("checkPermissions"));
  let moved = (): void => {};
  const token = tokens(bridge, () => moved());
  return {
    permission,
    askPermission: async () => {
      permission.value = await read("requestPermissions");
    },
    subscribe: async () => targetOf(bridge, await token()),
    unsubscribe: async () => {
      const unregistered = bridge.call(PLUGIN, "unregister");
      // A phone that was not registered since its start shows nothing, and says no.
      await bridge.call(PLUGIN, "removeAllDeliveredNotifications").catch(() => undefined);
      await unregistered;
    },
    onMoved: (heard) => void (moved = heard),
    // A phone that was never registered shows nothing, and says no.
    clear: (isRead) => void remove(bridge, (shown) => isOver(shown, isRead)).catch(() => undefined),
  };
}

function follow({ notification }: Tap, go: Go): void {
  const { channel, seq } = notification?.data ?? {};
  if (typeof channel !== "string" || channel === "") return;
  // FCM knows texts only.
  const number = Number(seq);
  go(channel, Number.isSafeInteger(number) && number > 0 ? number : undefined);
}

/** What was read on another device is taken away here; on iOS the native side does it, also while the app is closed. */
async function withdraw(bridge: Bridge, told: Told | undefined): Promise<void> {
  if (told?.kind === "read") await remove(bridge, ({ tag }) => tag === told.channel);
}

/** iOS gives what was pushed with the notification; Android knows it by its chat alone. */
function isOver({ tag, data }: Shown, isRead: IsRead): boolean {
  const { channel = tag, seq } = data ?? {};
  if (typeof channel !== "string") return false;
  return isRead(channel, typeof seq === "number" ? seq : undefined);
}

async function remove(bridge: Bridge, isGone: (shown: Shown) => boolean): Promise<void> {
  const { notifications } = await bridge.call<{ notifications: Shown[] }>(
    PLUGIN,
    "getDeliveredNotifications",
  );
  const gone = notifications.filter(isGone);
  if (gone.length > 0) {
    await bridge.call(PLUGIN, "removeDeliveredNotifications", { notifications: gone });
  }
}

async function makeChannels(bridge: Bridge, names: ChannelNames): Promise<void> {
  await bridge.call(PLUGIN, "createChannel", { ...LOUD, name: names.messages });
  await bridge.call(PLUGIN, "createChannel", { ...SILENT, name: names.quiet });
}

/**
 * Asks for the token; it comes as an event, and all who ask meanwhile wait for the same one. `moved`: another one came
 * that nobody asked for, as services replace them now and then.
 */
function tokens(bridge: Bridge, moved: () => void): () => Promise<string> {
  let waiting: PromiseWithResolvers<string> | undefined;
  let last: string | undefined;
  const settle = (how: (asked: PromiseWithResolvers<string>) => void): void => {
    const asked = waiting;
    waiting = undefined;
    if (asked !== undefined) how(asked);
  };
  bridge.listen<{ value: string }>(PLUGIN, "registration", ({ value }) => {
    const isNew = value !== last;
    last = value;
    if (waiting === undefined && isNew) moved();
    settle(({ resolve }) => resolve(value));
  });
  bridge.listen<{ error: string }>(PLUGIN, "registrationError", ({ error }) =>
    settle(({ reject }) => reject(new Error(error))),
  );
  return async () => {
    if (waiting !== undefined) return await waiting.promise;
    const asked = Promise.withResolvers<string>();
    waiting = asked;
    const late = setTimeout(
      () => settle(({ reject }) => reject(new Error("no token came"))),
      TOKEN_MS_MAX,
    );
    try {
      const [token] = await Promise.all([asked.promise, bridge.call(PLUGIN, "register")]);
      return token;
    } finally {
      clearTimeout(late);
    }
  };
}

/** What the server is told: rule D22. */
async function targetOf(bridge: Bridge, token: string): Promise<Subscription> {
  if (bridge.platform === "android") return { kind: "fcm", token };
  const { id } = await bridge.call<{ id: string }>("App", "getInfo");
  return { kind: "apns", token, topic: id };
}
