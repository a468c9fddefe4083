/** What log-out leaves: the app and how it looks, nothing of the person. */
import { SESSION } from "../../model/signed-in.ts";

/** Of the device, not of the person. */
const STAYS = /^damso\.(language|look|keys)$/;
const OURS = "damso";
const SHELL = "damso-shell-";

export async function wipe(): Promise<void> {
  wipeKeys();
  await Promise.all([wipeDatabases(), wipeCaches()]);
}

function wipeKeys(): void {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(`${OURS}.`) && !STAYS.test(key)) localStorage.removeItem(key);
    }
  } catch {
    // A browser that forbids storage has kept nothing.
  }
}

async function wipeDatabases(): Promise<void> {
  // Older browsers cannot list them; there the client has deleted its own.
  if (typeof indexedDB === "undefined" || !("databases" in indexedDB)) return;
  for (const { name = "" } of await indexedDB.databases().catch(() => [])) {
    if (name.startsWith(`${OURS} `)) indexedDB.deleteDatabase(name);
  }
}

async function wipeCaches(): Promise<void> {
  if (!("caches" in window)) return;
  const names = (await caches.keys()).filter((name) => !name.startsWith(SHELL));
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** The browser tells the other tabs of a change of what is kept, and not the one that made it. */
export function onSession(heard: (present: boolean) => void): void {
  addEventListener("storage", ({ key, newValue, oldValue }) => {
    // A clear of everything has no key.
    if (key === null) heard(false);
    if (key !== SESSION || (newValue === null) === (oldValue === null)) return;
    heard(newValue !== null);
  });
}
