/** The service worker: the app starts without a network, and a new version waits until the page asks for it. */
import { forgetShown, isLogOut } from "./notify.ts";
import { listenForPush } from "./push.ts";
import type { Shell } from "./shell.ts";
import { answer, dropOthers, keepShell, pathFor } from "./shell.ts";

/** Put in by the build. */
declare const SHELL: Shell;

/** Once: the build writes the whole list wherever its name stands. */
const shell: Shell = SHELL;
const worker = self as unknown as ServiceWorkerGlobalScope;

worker.addEventListener("install", (event) => {
  event.waitUntil(keepShell(shell, caches));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    // The page that installed the first version is to survive the loss of the network too.
    dropOthers(shell, caches).then(() => worker.clients.claim()),
  );
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (isLogOut(request, worker.location.origin)) event.waitUntil(forgetShown(worker));
  const path = pathFor(request, shell, worker.location.origin);
  if (path === undefined) return;
  event.respondWith(answer(path, request, shell, caches, (asked) => fetch(asked)));
});

worker.addEventListener("message", (event) => {
  if (event.data === "use_new_version") void worker.skipWaiting();
});

listenForPush(worker);
