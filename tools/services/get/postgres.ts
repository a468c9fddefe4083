import { existsSync, globSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Installable } from "./apt.ts";
import { checkInstallable, findOrInstall } from "./apt.ts";
import { findTool } from "./tool.ts";

/** Where packages put a server that has no place in PATH: Debian, then Fedora, then Homebrew on both kinds of Mac. */
const PLACES = [
  "/usr/lib/postgresql/*/bin",
  "/usr/pgsql-*/bin",
  "/opt/homebrew/opt/postgresql@*/bin",
  "/usr/local/opt/postgresql@*/bin",
];
const POSTGRES: Installable = {
  name: "PostgreSQL",
  packages: ["postgresql"],
  find: findPostgres,
  missing:
    "postgres is missing: install PostgreSQL 15 or newer (Debian: apt-get install postgresql)",
};

/** Throws ToolMissing when PostgreSQL is not installed and cannot be installed by us. */
export async function checkPostgres(): Promise<void> {
  checkInstallable(POSTGRES);
  asNobody();
}

/** The folder with `initdb` and `postgres`, installed by root where Debian's packages are. */
export function getPostgres(): Promise<string> {
  return findOrInstall(POSTGRES);
}

/** The newest one. */
function findPostgres(): string | undefined {
  const inPath = Bun.which("initdb");
  const [newest] = PLACES.flatMap((place) => globSync(place))
    .filter((folder) => existsSync(join(folder, "postgres")))
    .toSorted((a, b) => versionOf(b) - versionOf(a));
  return newest ?? (inPath === null ? undefined : dirname(inPath));
}

/** `15` of `/usr/lib/postgresql/15/bin`. */
export function versionOf(folder: string): number {
  return Number(/(\d+)\/bin$/.exec(folder)?.[1] ?? 0);
}

/**
 * PostgreSQL refuses to run as root, so root runs it as the user without rights.
 * @returns what stands before its commands, and whom its data have to belong to
 */
export function asNobody(): { prefix: string[]; owner: { uid: number; gid: number } | undefined } {
  if (process.getuid?.() !== 0) return { prefix: [], owner: undefined };
  const setpriv = findTool("setpriv", "root may not run PostgreSQL", "install util-linux");
  const owner = { uid: 65_534, gid: 65_534 };
  const identity = [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, "--clear-groups"];
  return { prefix: [setpriv, ...identity], owner };
}
