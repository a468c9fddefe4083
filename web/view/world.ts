/** The browser as the model wants it: storage, time, randomness, and where this page stands. */
import { signal } from "@preact/signals";
import type { Place, World } from "../model/app.ts";
import { deviceName } from "../model/device-name.ts";
import type { Keep } from "../model/keep.ts";
import { openHost } from "./host/open-host.ts";
import { browserWire } from "./wire.ts";
import { damso } from "../model/sdk.ts";

const CLOCK_MS = 30_000;

export function openWorld(): World {
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
  return {
    ...damso,
    wire: browserWire,
    place,
    host: openHost(place.name !== "page"),
    restarting: signal(false),
    server: location.origin,
    device: deviceName(navigator.userAgent),
    languages: navigator.languages,
    keep: keepIn(() => localStorage),
    tabKeep: keepIn(() => sessionStorage),
    random: () =>
      Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
        byte.toString(16).padStart(2, "0"),
      ).join(""),
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
  return side === "left" || side === "right" ? { name: "pane", side } : { name: "page" };
}

/** A browser can forbid storage, by throwing on the mere mention of it. */
function keepIn(storage: () => Storage): Keep {
  return {
    get: (key) => {
      try {
        return storage().getItem(key) ?? undefined;
      } catch {
        return undefined;
      }
    },
    set: (key, text) => {
      try {
        storage().setItem(key, text);
      } catch {
        // Forgotten, as the type says.
      }
    },
    remove: (key) => {
      try {
        storage().removeItem(key);
      } catch {
        // There was nothing.
      }
    },
  };
}
