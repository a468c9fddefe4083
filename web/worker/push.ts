/** What the platform tells the worker about pushes and notifications. Rule N16. */
import { clicked, createAlerting, pushed, resubscribe } from "./notify.ts";
import type { Scope } from "./notify.ts";
import { parseAlert, wordsOf } from "./notice.ts";

export function listenForPush(worker: ServiceWorkerGlobalScope): void {
  const scope: Scope = {
    registration: worker.registration,
    clients: {
      matchAll: (options) => worker.clients.matchAll(options),
      openWindow: (url) => worker.clients.openWindow(url),
    },
    navigator: worker.navigator,
    fetch: (path, init) => fetch(path, init),
    now: () => Date.now(),
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  };
  const alerting = createAlerting(scope);
  worker.addEventListener("message", (event) => {
    const alert = parseAlert(event.data, wordsOf(worker.navigator.language));
    if (alert) event.waitUntil(alerting(alert));
  });
  worker.addEventListener("push", (event) => {
    event.waitUntil(pushed(scope, event.data?.text() ?? ""));
  });
  worker.addEventListener("notificationclick", (event) => {
    const { notification, action } = event;
    // Browsers that let people write in a notification give the text with the click.
    const reply = "reply" in event ? event.reply : "";
    event.waitUntil(clicked(scope, notification, action, typeof reply === "string" ? reply : ""));
  });
  worker.addEventListener("pushsubscriptionchange", (event) => {
    event.waitUntil(resubscribe(scope, event));
  });
}
