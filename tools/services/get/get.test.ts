import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cached, isCached } from "./cache.ts";
import { javaMajor } from "./cassandra.ts";
import { locked } from "./lock.ts";
import { versionOf } from "./postgres.ts";
import { findTool, run, ToolMissing } from "./tool.ts";

const before = process.env["DAMSO_SERVICES"];
let cache = "";
beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), "damso-cache-"));
  process.env["DAMSO_SERVICES"] = cache;
});
afterAll(() => {
  if (before === undefined) delete process.env["DAMSO_SERVICES"];
  else process.env["DAMSO_SERVICES"] = before;
  rmSync(cache, { recursive: true });
});

test("what is asked for twice at the same time is built once", async () => {
  let builds = 0;
  const build = async (folder: string): Promise<void> => {
    builds += 1;
    await Bun.sleep(1);
    writeFileSync(join(folder, "program"), "");
  };
  expect(isCached("both-1")).toBe(false);
  const folders = await Promise.all([cached("both-1", build), cached("both-1", build)]);
  expect(folders).toEqual([join(cache, "both-1"), join(cache, "both-1")]);
  expect(builds).toBe(1);
  expect(existsSync(join(cache, "both-1/program"))).toBe(true);
});

test("a build that failed leaves nothing and may be tried again", async () => {
  const fail = (): Promise<never> => Promise.reject(new Error("no network"));
  const error: unknown = await cached("again-1", fail).catch((error: unknown) => error);
  expect(String(error)).toBe("Error: no network");
  expect(isCached("again-1")).toBe(false);
  expect(readdirSync(cache).filter((name) => name.includes("part"))).toEqual([]);
  await cached("again-1", async () => {});
  expect(isCached("again-1")).toBe(true);
});

test("a lock is refused while it is held, and free after an error", async () => {
  const path = join(cache, "held.lock");
  const refusal: unknown = await locked(path, () =>
    locked(path, async () => "both", 0).catch((error: unknown) => error),
  );
  expect(String(refusal)).toContain("another process holds");
  const error: unknown = await locked(path, () => Promise.reject(new Error("inside"))).catch(
    (error: unknown) => error,
  );
  expect(String(error)).toBe("Error: inside");
  expect(await locked(path, async () => "free", 0)).toBe("free");
});

test("a missing program is told in one line with its remedy", () => {
  const find = (): string => findTool("damso-no-such", "it builds x", "install y");
  expect(find).toThrow(new ToolMissing("damso-no-such is missing (it builds x): install y"));
});

test("a command that fails throws what it printed", async () => {
  expect(await run(["sh", "-c", "echo $WORD; echo err >&2"], { env: { WORD: "out" } })).toBe(
    "out\nerr\n",
  );
  const error: unknown = await run(["sh", "-c", "echo why; exit 3"]).catch(
    (error: unknown) => error,
  );
  expect(String(error)).toContain("ended with 3:\nwhy");
});

test("versions are read", () => {
  expect(javaMajor('openjdk version "17.0.15" 2025-04-15')).toBe(17);
  expect(javaMajor('openjdk version "21" 2023-09-19')).toBe(21);
  expect(javaMajor('java version "1.8.0_372"')).toBe(8);
  expect(javaMajor("command not found")).toBe(0);
  expect(versionOf("/usr/lib/postgresql/15/bin")).toBe(15);
  expect(versionOf("/opt/homebrew/opt/postgresql@17/bin")).toBe(17);
});
