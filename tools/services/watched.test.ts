import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { retry } from "./retry.ts";
import type { Command } from "./watched.ts";
import { childrenIn, startWatched } from "./watched.ts";

const root = mkdtempSync(join(tmpdir(), "damso-watched-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function plan(name: string, script: string): Command {
  const folder = join(root, name);
  mkdirSync(folder);
  const command = ["sh", "-c", script];
  return { command, log: join(folder, "log"), cwd: folder, remove: folder, ending: "KILL" };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function gone(pid: number): Promise<void> {
  const look = async (): Promise<void> => {
    if (isAlive(pid)) throw new Error(`${pid} lives`);
  };
  return retry(look, { what: `the end of ${pid}`, deadline_ms: 20_000 });
}

test("a process that ends by itself leaves its folder and what it printed", async () => {
  const command = plan("itself", "echo out; echo err >&2");
  const watched = await startWatched(command);
  await watched.exited;
  expect(watched.isRunning()).toBe(false);
  expect(readFileSync(command.log, "utf8")).toBe("out\nerr\n");
  await watched.end();
  expect(existsSync(command.cwd)).toBe(true);
});

test("a process that is killed leaves its folder, for another start", async () => {
  const command = plan("killed", "exec sleep 600");
  const watched = await startWatched(command);
  await watched.signal("SIGKILL");
  await watched.exited;
  expect(isAlive(watched.pid)).toBe(false);
  expect(existsSync(command.cwd)).toBe(true);
});

test("a kill reaches the processes that it started", async () => {
  const command = plan("family", "sleep 600 & echo $!; wait");
  const watched = await startWatched(command);
  const first = async (): Promise<number> => {
    const pid = Number(readFileSync(command.log, "utf8").trim());
    if (pid === 0) throw new Error("not yet");
    return pid;
  };
  const child = await retry(first, { what: "the child", deadline_ms: 20_000 });
  await watched.signal("SIGKILL");
  await watched.exited;
  await gone(child);
});

test("an end takes the process and its folder with it, also when it is stopped", async () => {
  const command = plan("ended", "exec sleep 600");
  const watched = await startWatched(command);
  await watched.signal("SIGSTOP");
  await watched.end();
  expect(isAlive(watched.pid)).toBe(false);
  expect(existsSync(command.cwd)).toBe(false);
});

test("the death of who started it takes the process and its folder with it", async () => {
  const folder = join(root, "orphan");
  mkdirSync(folder);
  const starter = Bun.spawn(
    [process.execPath, join(import.meta.dir, "watched.testing.ts"), folder],
    { stdout: "pipe" },
  );
  const { value } = await starter.stdout.getReader().read();
  const pid = Number(new TextDecoder().decode(value));
  expect(isAlive(pid)).toBe(true);
  starter.kill("SIGKILL");
  await gone(pid);
  const look = async (): Promise<void> => {
    if (existsSync(folder)) throw new Error("it is there");
  };
  await retry(look, { what: "the folder to go", deadline_ms: 20_000 });
});

test("the children of a process are read from a listing", () => {
  expect(childrenIn(7, "  1     0\n  7     1\n 12     7\n 70     1\n130     7\n")).toEqual([
    12, 130,
  ]);
});
