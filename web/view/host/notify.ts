/** The permission to notify, and the address that pushes go to. */
import { signal } from "@preact/signals";
import type { Host, Permission, Subscription } from "../../model/host.ts";

export function notifying(
  worker: Promise<ServiceWorkerRegistration> | undefined,
): Pick<Host, "permission" | "askPermission" | "subscribe" | "unsubscribe"> {
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
      return toSubscription(await (await manager()).subscribe(options));
    },
    unsubscribe: async () => {
      const known = await (await manager()).getSubscription();
      await known?.unsubscribe();
    },
  };
}

function toSubscription(subscription: PushSubscription): Subscription {
  const { endpoint, keys } = subscription.toJSON();
  const { p256dh = "", auth = "" } = keys ?? {};
  return { kind: "webpush", endpoint: endpoint ?? "", keys: { p256dh, auth } };
}
