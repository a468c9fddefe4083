/** Notifications from the server, while no page of the app is open. */

/** A click on a notification comes to the chat that it is about; an open page is used before a new one. */
export function listenForPush(worker: ServiceWorkerGlobalScope): void {
  worker.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(show(worker, channelOf(event.notification)));
  });
}

/** What the notification carries in `data`: `{channel}`. */
function channelOf({ data }: Notification): string {
  const channel: unknown = (data as { channel?: unknown } | null)?.channel;
  return typeof channel === "string" ? channel : "";
}

async function show(worker: ServiceWorkerGlobalScope, channel: string): Promise<void> {
  const pages = await worker.clients.matchAll({ type: "window" });
  const page = pages.find(({ frameType }) => frameType === "top-level");
  if (page === undefined) {
    await worker.clients.openWindow(channel === "" ? "/" : `/#${channel}`);
    return;
  }
  page.postMessage({ type: "open_chat", channel });
  await page.focus();
}
