import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installed } from "./installed.mjs";

const root = mkdtempSync(join(tmpdir(), "damso-setup-"));
const modules = join(root, "node_modules");
mkdirSync(join(modules, "valibot"), { recursive: true });
mkdirSync(join(root, "core"));
afterAll(() => rmSync(root, { recursive: true }));

type Entry = { version?: string; optional?: boolean; link?: boolean };

function check(
  title: string,
  wanted: Record<string, Entry>,
  have: string,
  expected: boolean,
): void {
  test(title, () => {
    const lock = JSON.stringify({ packages: { "": {}, ...wanted } });
    expect(installed(lock, have, modules)).toBe(expected);
  });
}

function record(packages: Record<string, Entry>): string {
  return JSON.stringify({ packages });
}

const valibot = { "node_modules/valibot": { version: "1.5.0" } };

check("an empty folder is not installed", valibot, "", false);
check("the same version is installed", valibot, record(valibot), true);
check(
  "another version is not installed",
  valibot,
  record({ "node_modules/valibot": { version: "1.4.0" } }),
  false,
);
check(
  "a package that npm recorded but somebody deleted is not installed",
  { "node_modules/hono": { version: "4.0.0" } },
  record({ "node_modules/hono": { version: "4.0.0" } }),
  false,
);
check(
  "a binary for another system may be missing",
  { ...valibot, "node_modules/@oven/bun-darwin-x64": { version: "1.0.0", optional: true } },
  record(valibot),
  true,
);
check("a workspace has to be there", { core: { version: "0.1.0" } }, record({}), true);
check("a new workspace is not yet linked", { mobile: { version: "0.1.0" } }, record({}), false);
