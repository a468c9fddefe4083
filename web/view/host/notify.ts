/** The permission to notify, and the address that pushes go to. */
import { signal } from "@preact/signals";
import type { Host, IsRead, Permission, Subscription } from "../../model/host.ts";

/** A browser that does not reach its push service tries for ever, and tells nobody. */
const PATIENCE_MS = 20_000;

export function notifying(
  worker: Promise<ServiceWorkerRegistration> | undefined,
  patience_ms: number = PATIENCE_MS,
): Pick<Host, "permission" | "askPermission" | "subscribe" | "unsubscribe" | "alert" | "clear"> {
  const able = worker !== undefined && "Notification" in window && "PushManager" in window;
  const now = (): Permission => (able ? Notification.permission : "unsupported");
  const permission = signal(now());
  const manager = async (): Promise<PushManager> => {
    if (worker === undefined) throw new Error("no service worker");
    return (await worker).pushManager;
  };
  return {
    permission,
    askPermission: async () => {
      if (able) await Notification.requestPermission();
      permission.value = now();
    },
    subscribe: async (key) => {
      const options = { userVisibleOnly: true, applicationServerKey: key };
      const at = await manager();
      try {
        return toSubscription(await within(patience_ms, at.subscribe(options)));
      } catch (error) {
        // A server with other keys than the one that this browser subscribed to.
        const known = await at.getSubscription();
        if (known === null) throw error;
        await known.unsubscribe();
        return toSubscription(await at.subscribe(options));
      }
    },
    unsubscribe: async () => {
      if (worker) await close(worker, () => true);
      const known = await (await manager()).getSubscription();
      await known?.unsubscribe();
    },
    ...(worker && {
      // The worker knows what is shown already, and whether another tab is looked at.
      alert: (alert) =>
        void worker.then(({ active }) => active?.postMessage({ type: "alert", ...alert })),
      clear: (isRead) => void close(worker, (shown) => isOver(shown, isRead)),
    }),
  };
}

function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("no push service")), ms);
    promise.then(resolve, reject);
  });
}

async function close(
  worker: Promise<ServiceWorkerRegistration>,
  isGone: (shown: Notification) => boolean,
): Promise<void> {
  for (const shown of await (await worker).getNotifications()) if (isGone(shown)) shown.close();
}

function isOver({ data }: Notification, isRead: IsRead): boolean {
  const { channel, seq } = (data ?? {}) as { channel?: unknown; seq?: unknown };
  return typeof channel === "string" && typeof seq === "number" && isRead(channel, seq);
}

function toSubscription(subscription: PushSubscription): Subscription {
  const { endpoint, keys } = subscription.toJSON();
  const { p256dh = "", auth = "" } = keys ?? {};
  return { kind: "webpush", endpoint: endpoint ?? "", keys: { p256dh, auth } };
}
