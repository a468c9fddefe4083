/**
 * `npm run mobile:sync`: builds the page into `mobile/www` and brings it, with the plugins, into the Android and iOS
 * projects. Needs no SDK of a phone: Capacitor's own command line is run by Bun. What comes after is in docs/mobile.md.
 */
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { buildShell } from "@damso/web/build-shell";

const mobile = new URL("../mobile", import.meta.url).pathname;
const www = join(mobile, "www");
const capacitor = join(mobile, "node_modules/@capacitor/cli/bin/capacitor");

await installOnce();
await writePage();
await run([process.execPath, capacitor, "sync"]);

/** Its packages are no part of the server's install: who builds no app has no use for them. */
async function installOnce(): Promise<void> {
  const stamp = join(mobile, "node_modules/.damso-setup");
  const lock = await Bun.file(join(mobile, "package-lock.json")).text();
  const hash = Bun.hash(lock).toString(36);
  if (existsSync(stamp) && (await Bun.file(stamp).text()) === hash) return;
  await run(["npm", "ci", "--no-fund", "--no-audit", "--loglevel=error"]);
  await Bun.write(stamp, hash);
}

async function writePage(): Promise<void> {
  await rm(www, { recursive: true, force: true });
  await mkdir(www);
  const page = await buildShell();
  await Promise.all([...page].map(([name, body]) => Bun.write(join(www, name), body)));
  console.log(`${page.size} files of the page are in mobile/www`);
}

async function run(command: string[]): Promise<void> {
  const child = Bun.spawn(command, {
    cwd: mobile,
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
  });
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")} failed`);
}
