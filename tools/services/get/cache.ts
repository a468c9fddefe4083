/** Where the servers that were fetched or built are kept: outside of the checkout, shared by all checkouts. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { locked } from "./lock.ts";

/** `DAMSO_SERVICES`, else a folder of the user's cache. Removing it costs a build, nothing else. */
export function cacheFolder(): string {
  const { DAMSO_SERVICES, XDG_CACHE_HOME } = process.env;
  return DAMSO_SERVICES ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "damso-services");
}

/** True when it was fetched or built before: then the tools for that are not needed. */
export function isCached(name: string): boolean {
  return existsSync(join(cacheFolder(), name));
}

/**
 * The folder of one server in one version. When it is not there, `fill` makes it in a folder that
 * gets its name only when it is complete, so that a build that was cut off leaves nothing to trust.
 * Two processes that ask at the same time build once.
 * @param name with the version: `nats-2.15.2`
 */
export async function cached(
  name: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const cache = cacheFolder();
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  await locked(join(cache, `${name}.lock`), async () => {
    if (existsSync(folder)) return;
    const unfinished = mkdtempSync(join(cache, `${name}.part-`));
    try {
      await fill(unfinished);
      renameSync(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  });
  return folder;
}
