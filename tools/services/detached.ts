/**
 * Servers in the background: a process of ours holds them, and a file of addresses is its life. Whoever
 * removes the file ends it. No process id is noted, because one day it would be somebody else's.
 */
import {
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Offer } from "./catalog.ts";
import { exportsOf, startAll, stopAll } from "./foreground.ts";
import { cacheFolder } from "./get/cache.ts";
import { locked } from "./get/lock.ts";
import { succeeds } from "./until.ts";

const LOOK_MS = 200;
const STOP_MS = 60_000;

/** The addresses as a shell takes them, what the process printed, and a lock that it holds while it lives. */
function files(): { addresses: string; log: string; lock: string } {
  const folder = cacheFolder();
  mkdirSync(folder, { recursive: true });
  return {
    addresses: join(folder, "detached.env"),
    log: join(folder, "detached.log"),
    lock: join(folder, "detached.lock"),
  };
}

/** Resolves with the addresses when all of them answer. */
export async function startDetached(offers: readonly Offer[]): Promise<string> {
  const { addresses, log, lock } = files();
  if (!(await removeStale(addresses, lock))) {
    throw new Error("servers are running in the background already: npm run services -- stop");
  }
  const output = openSync(log, "w");
  const main = join(import.meta.dir, "main.ts");
  const child = Bun.spawn([process.execPath, main, "start", ...offers, "--detached"], {
    stdio: ["ignore", output, output],
    detached: true,
  });
  // Without a deadline of its own: a first start may have to build what it starts.
  while (child.exitCode === null && child.signalCode === null) {
    if (existsSync(addresses)) {
      child.unref();
      return readFileSync(addresses, "utf8");
    }
    await Bun.sleep(LOOK_MS);
  }
  throw new Error(readFileSync(log, "utf8"));
}

/** A process that was killed has left its addresses. False when it still lives. */
async function removeStale(addresses: string, lock: string): Promise<boolean> {
  return await succeeds(() => locked(lock, async () => rmSync(addresses, { force: true }), 0));
}

/** The life of the process in the background. */
export async function holdDetached(offers: readonly Offer[]): Promise<void> {
  const { addresses, lock } = files();
  await locked(
    lock,
    async () => {
      const started = await startAll(offers);
      // Whoever sees the file sees all of it.
      writeFileSync(`${addresses}.part`, exportsOf(started));
      renameSync(`${addresses}.part`, addresses);
      while (existsSync(addresses)) await Bun.sleep(LOOK_MS);
      await stopAll(started);
    },
    STOP_MS,
  );
}

/** Resolves when nothing runs in the background any more, also when nothing did. */
export async function stopDetached(): Promise<void> {
  const { addresses, lock } = files();
  rmSync(addresses, { force: true });
  await locked(lock, async () => {}, STOP_MS);
}
