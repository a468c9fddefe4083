/** New versions: looked for now and then, fetched aside, and put in use when the person says so. */

import "../first.ts";

export { UpdatePrompt } from "./update-prompt.tsx";

const LOOK_MS = 60 * 60_000;

/** Tells `update` of a new version; the answer puts it in use. */
export function watchUpdates(
  registration: ServiceWorkerRegistration,
  update: { value: boolean },
): () => void {
  let asked = false;
  let waiting: ServiceWorker | null = null;
  const ready = (): void => {
    // Without a controller it is the first version, which nobody has to be told of.
    if (registration.waiting === null || navigator.serviceWorker.controller === null) return;
    waiting = registration.waiting;
    update.value = true;
  };
  ready();
  watch(registration, ready);
  lookNowAndThen(registration);
  reloadAfterChange(
    () => asked || document.hidden,
    () => (update.value = true),
  );
  return () => {
    asked = true;
    // Another tab has put it in use already: only this page is old.
    if (waiting?.state === "installed") waiting.postMessage("use_new_version");
    else location.reload();
  };
}

function watch(registration: ServiceWorkerRegistration, changed: () => void): void {
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", changed);
  });
}

function lookNowAndThen(registration: ServiceWorkerRegistration): void {
  let looked = Date.now();
  const look = (): void => {
    if (document.hidden || Date.now() - looked < LOOK_MS) return;
    looked = Date.now();
    registration.update().catch(() => {});
  };
  setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", look);
}

/** A page of the old version goes on with a worker of the new one: at once where nobody looks, else when they like. */
function reloadAfterChange(mayReload: () => boolean, tell: () => void): void {
  let controlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (controlled && mayReload()) location.reload();
    else if (controlled) tell();
    controlled = true;
  });
}
