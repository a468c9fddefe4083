/** What Debian's packages bring, installed by root where it is not there. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { locked } from "./lock.ts";
import { run, ToolMissing } from "./tool.ts";

export type Installable = {
  /** For people, and for the name of the lock: `PostgreSQL`. */
  name: string;
  packages: readonly string[];
  find: () => string | undefined;
  /** That it is missing, and how to get it. */
  missing: string;
};

/** Throws ToolMissing when it is not there and cannot be installed by us. */
export function checkInstallable({ find, missing }: Installable): void {
  if (find() === undefined && !mayInstall()) throw new ToolMissing(missing);
}

/** Where it is, installed first where it can be. Throws ToolMissing where there is none to be had. */
export async function findOrInstall(wanted: Installable): Promise<string> {
  const { name, find, missing } = wanted;
  const found = find();
  if (found !== undefined) return found;
  if (!mayInstall()) throw new ToolMissing(missing);
  const cache = cacheFolder();
  mkdirSync(cache, { recursive: true });
  const lock = join(cache, `${name.toLowerCase()}.lock`);
  return await locked(lock, async () => find() ?? (await install(wanted)));
}

async function install({ name, packages, find, missing }: Installable): Promise<string> {
  process.stderr.write(`Installing ${name} with apt-get, once …\n`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  try {
    await run(["apt-get", "update"], { env });
    await run(["apt-get", "install", "-y", "--no-install-recommends", ...packages], { env });
  } catch (error) {
    throw new ToolMissing(`${missing}; apt-get could not: ${String(error)}`);
  }
  const found = find();
  if (found === undefined) throw new ToolMissing(`${missing}; apt-get put it elsewhere`);
  return found;
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && Bun.which("apt-get") !== null;
}
