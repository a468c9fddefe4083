/**
 * Makes the checkout runnable, then gets out of the way. Every npm script runs this first, on the
 * Node that npm itself runs on, because nothing else is known to be installed yet.
 *
 * Idempotent and silent when there is nothing to do: one hash of package-lock.json is compared with
 * a stamp that is only written after everything below was seen to work.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installed } from "./setup/installed.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const stampFile = join(modules, ".damso-setup");
const windows = process.platform === "win32";
const bun = join(modules, "bun", "bin", "bun.exe");

const nodeMajor = Number(process.versions.node.split(".")[0]);
if (nodeMajor < 20) {
  fail(`Damso needs Node 20 or newer to install itself; this is ${process.version}.`);
}

const lock = readFileSync(join(root, "package-lock.json"), "utf8");
const stamp = createHash("sha256")
  .update(`${process.platform} ${process.arch}\n`)
  .update(lock)
  .digest("hex");

if (readText(stampFile) !== stamp || !existsSync(bun)) {
  if (!installed(lock, readText(join(modules, ".package-lock.json")), modules)) installPackages();
  checkBun();
  checkLevel();
  if (windows) provideExec();
  writeFileSync(stampFile, stamp);
}

function installPackages() {
  say("Installing the packages of package-lock.json (npm ci), once …");
  // The level is given because `npm --silent test` would otherwise also silence what went wrong here. Warnings are not
  // shown: they are about the Node that some packages ask for, and those run on Bun.
  const done = run("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], "inherit");
  if (done.status === 0) return;
  fail(
    "npm ci failed; its reason stands above. Usual causes: no network to the npm registry,\n" +
      "a proxy that npm does not know (npm config get proxy), or a folder that is not writable.\n" +
      "Then try again. If only package-lock.json is out of step with package.json: npm install",
  );
}

/** The npm package `bun` puts its program in place with an install script, which npm may refuse to run. */
function checkBun() {
  if (answers(bun, ["--version"])) return;
  const script = join(modules, "bun", "install.js");
  const done = run(process.execPath, [script], "pipe", join(modules, "bun"));
  if (answers(bun, ["--version"])) return;
  fail(
    `Bun does not start on ${process.platform} ${process.arch}. Its install script said:\n` +
      `${done.stdout ?? ""}${done.stderr ?? ""}\nTry: npm rebuild bun --foreground-scripts`,
  );
}

/** LevelDB is native code: its prebuilt binary has to fit this machine, else it is compiled here. */
function checkLevel() {
  const load = ["-e", 'await import("classic-level")'];
  const adapters = join(root, "adapters");
  if (answers(bun, load, adapters)) return;
  say("Building LevelDB (classic-level) for this machine …");
  const built = run("npm", ["rebuild", "classic-level", "--foreground-scripts"], "pipe");
  const loaded = run(bun, load, "pipe", adapters);
  if (loaded.status === 0) return;
  fail(
    "LevelDB (classic-level) does not load, and building it failed (it needs python3, make, a C++ compiler):\n" +
      `${built.stdout ?? ""}${built.stderr ?? ""}${loaded.stderr ?? ""}`,
  );
}

/**
 * `npm start` ends in `exec bun …`: npm passes a signal to the shell and no further, so the server has
 * to take the shell's place to hear SIGTERM and drain. The Windows shell has no `exec`; this is one.
 */
function provideExec() {
  writeFileSync(join(modules, ".bin", "exec.cmd"), "@%*\r\n");
}

function answers(program, args, cwd = root) {
  return existsSync(program) && run(program, args, "pipe", cwd).status === 0;
}

function run(program, args, stdio, cwd = root) {
  const shell = windows && program === "npm";
  return spawnSync(program, args, { cwd, stdio, shell, encoding: "utf8" });
}

function readText(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(`\n${text}\n`);
  process.exit(1);
}
