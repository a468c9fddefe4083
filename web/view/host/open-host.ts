/** The browser's side of being an app. The two windows of the demo are no apps: they have what does nothing. */
import { signal } from "@preact/signals";
import type { Host } from "../../model/host.ts";
import { setBadge } from "./badge.ts";
import { installing } from "./install.ts";
import { notifying } from "./notify.ts";
import { onSession, wipe } from "./wipe.ts";

export function openHost(pane: boolean): Host {
  const wanted = signal("");
  const update = signal(false);
  const worker = pane ? undefined : startWorker(wanted);
  const watching = worker?.then(async (registration) => {
    // Nothing of it is needed for the first screen.
    const { watchUpdates } = await import("./update.ts");
    return watchUpdates(registration, update);
  });
  watching?.catch(() => {});
  return {
    update,
    useUpdate: () => void watching?.then((use) => use()),
    ...installing(pane),
    ...notifying(worker),
    wanted,
    setBadge: pane ? () => {} : setBadge,
    wipe,
    onSession,
  };
}

/** Undefined where browsers have none: without https, and in some private windows. */
function startWorker(wanted: { value: string }): Promise<ServiceWorkerRegistration> | undefined {
  if (!("serviceWorker" in navigator)) return undefined;
  navigator.serviceWorker.addEventListener("message", ({ data }: MessageEvent) => {
    const told = data as { type?: unknown; channel?: unknown; seq?: unknown } | null;
    if (told?.type !== "open_chat" || typeof told.channel !== "string") return;
    // The address leads to the message; without one the chat is enough.
    if (typeof told.seq === "number" && told.seq > 0) location.hash = `${told.channel}/${told.seq}`;
    else wanted.value = told.channel;
  });
  // The worker's script is asked for anew each time, so that a new version is found at the next visit.
  const registered = navigator.serviceWorker.register("/worker.js", { updateViaCache: "none" });
  // Refused, the page is only one that needs its network.
  registered.catch(() => {});
  return registered;
}
