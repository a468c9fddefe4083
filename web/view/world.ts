/** The browser as the model wants it: storage, time, randomness, and where this page stands. */
import { signal } from "@preact/signals";
import type { Wire } from "../model/api.ts";
import type { Place, World } from "../model/app.ts";
import { linkIn } from "../model/link.ts";
import { openHost } from "./host/open-host.ts";
import type { Shell } from "./native/open.ts";
import { openTabs } from "./host/tabs.ts";
import { keepIn } from "./keep-in.ts";
import { random } from "./random.ts";
import { loadWords } from "./words.ts";
import { firstLanguage } from "../model/language.ts";
import { openDamso, openStored } from "../model/sdk.ts";
import { sessionIn } from "../model/signed-in.ts";

const CLOCK_MS = 30_000;

/** `shell`: the page is on a phone, in the app of its store. */
export async function openWorld(shell?: Shell): Promise<World> {
  const now = signal(Date.now());
  const tick = (): void => {
    now.value = Date.now();
  };
  setInterval(tick, CLOCK_MS);
  document.addEventListener("visibilitychange", tick);
  // Not asked at the beginning: a browser without a network still reaches a server on its own machine.
  const network = signal(true);
  addEventListener("offline", () => (network.value = false));
  addEventListener("online", () => (network.value = true));
  const place = placeOf(new URLSearchParams(location.search));
  const stored = keepIn(() => localStorage);
  const keep = shell?.keep(stored) ?? stored;
  const server = shell?.server ?? location.origin;
  const tabKeep = keepIn(() => sessionStorage);
  const restarting = signal(false);
  return {
    ...openDamso({
      tabs: shell === undefined ? openTabs() : undefined,
      tabKeep,
      random,
      kept: () => sessionIn(keep, server),
      saidGoodbye: (going) => (restarting.value = going),
      ...(shell && { between: shell.between }),
    }),
    wire: lateWire,
    place,
    host: (place.name === "page" && shell?.host) || openHost(place.name !== "page"),
    restarting,
    server,
    ...(shell && { tokens: "kept_here" as const }),
    languages: navigator.languages,
    words: await loadWords(firstLanguage(navigator.languages, keep)),
    apple: /Mac|iP(hone|ad|od)/.test(navigator.userAgent),
    stored: openStored,
    keep,
    tabKeep,
    random,
    now,
    network,
    later: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  };
}

function placeOf(query: URLSearchParams): Place {
  if (query.has("demo")) return { name: "demo", anew: query.get("demo") === "anew" };
  const side = query.get("as");
  const link = linkIn(query, location.hash);
  // Followed once: a reload does not ask again.
  if (link) history.replaceState(null, "", location.pathname);
  return side === "left" || side === "right"
    ? { name: "pane", side }
    : { name: "page", ...(link && { link }) };
}

/** Nothing of it is needed for the first page. */
const lateWire: Wire = {
  request: async (request) => (await import("./wire.ts")).browserWire.request(request),
  objectUrl: async (url, token) => (await import("./wire.ts")).browserWire.objectUrl(url, token),
  forgetUrl: (url) => URL.revokeObjectURL(url),
};
