import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linesOf, processes } from "./processes.ts";
import { runDemo } from "./run.ts";

const all = processes();
const folder = mkdtempSync(join(tmpdir(), "damso-demo-test-"));

afterAll(async () => {
  await all.endAll();
  rmSync(folder, { recursive: true, force: true });
});

test("[I1, I2, I3, I4, I5, I6, I7, I8, I9, I10, I11, I12, I15, I16, I17, I19, I22] a small demo passes every check", async () => {
  const lines: string[] = [];
  const options = { people: 6, seed: 1, keep: false };
  const data = mkdtempSync(join(folder, "data-"));
  const findings = await runDemo({
    options,
    folder: data,
    all: processes(),
    line: (line) => lines.push(line),
  });
  rmSync(data, { recursive: true });
  expect(findings.filter(({ faults }) => faults.length > 0)).toEqual([]);
  expect(findings).toHaveLength(17);
  expect(lines.filter((line) => line.startsWith("ok   I"))).toHaveLength(17);
});

test("a demo that is interrupted leaves neither processes nor data", async () => {
  const child = all.adopt(
    Bun.spawn([process.execPath, join(import.meta.dir, "main.ts"), "--people", "6"], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
  let server = "";
  for await (const line of linesOf(child.stdout)) {
    server = /the server is at (\S+);/.exec(line)?.[1] ?? server;
    if (line.includes("everybody talks")) break;
  }
  expect((await fetch(`${server}/healthz`)).ok).toBe(true);
  child.kill("SIGTERM");
  expect(await child.exited).toBe(143);
  expect(await fetch(`${server}/healthz`).catch(() => "gone")).toBe("gone");
  expect(readdirSync(folder)).toEqual([]);
});
