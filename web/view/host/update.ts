/** New versions: looked for now and then, fetched aside, and put in use when the person says so. */
import { signal } from "@preact/signals";
import type { Host } from "../../model/host.ts";

const LOOK_MS = 60 * 60_000;

export function updating(
  worker: Promise<ServiceWorkerRegistration> | undefined,
): Pick<Host, "update" | "useUpdate"> {
  const update = signal(false);
  let asked = false;
  let waiting: ServiceWorker | null = null;
  const ready = (registration: ServiceWorkerRegistration): void => {
    // Without a controller it is the first version, which nobody has to be told of.
    if (registration.waiting === null || navigator.serviceWorker.controller === null) return;
    waiting = registration.waiting;
    update.value = true;
  };
  worker?.then(
    (registration) => {
      ready(registration);
      watch(registration, () => ready(registration));
      lookNowAndThen(registration);
      reloadAfterChange(
        () => asked || document.hidden,
        () => (update.value = true),
      );
    },
    () => {},
  );
  return {
    update,
    useUpdate: () => {
      asked = true;
      // Another tab has put it in use already: only this page is old.
      if (waiting?.state === "installed") waiting.postMessage("use_new_version");
      else location.reload();
    },
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
