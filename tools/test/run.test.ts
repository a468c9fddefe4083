import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "./junit.ts";
import { runTests } from "./run.ts";

const root = mkdtempSync(join(tmpdir(), "damso-run-"));
afterAll(() => rmSync(root, { recursive: true }));

/** Runs one test file with this text, in a real `bun test`, as the runner does. */
async function report(name: string, text: string, args: string[] = []): Promise<Report> {
  const file = `${name}.test.ts`;
  writeFileSync(join(root, file), `import { expect, test } from "bun:test";\n${text}`);
  return await runTests({ root, files: [file], args, deadlineMs: 10_000, output: "ignore" });
}

test("passes, failures and skips are told apart", async () => {
  const { totals, failures } = await report(
    "mixed",
    `test("a", () => expect(1).toBe(1));
     test("b [1] & <c>", () => expect(1).toBe(2));
     test.skipIf(true)("d", () => {});`,
  );
  expect(totals).toEqual({ passed: 1, failed: 1, skipped: 1 });
  expect(failures).toMatchObject([{ file: "mixed.test.ts", line: 3, title: "b [1] & <c>" }]);
});

test("a file that does not load has failed", async () => {
  const { totals, failures } = await report("load", `import "./missing.ts"; test("a", () => {});`);
  expect(totals).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(failures).toMatchObject([{ file: "load.test.ts", title: "no test of this file ran" }]);
});

test("a file without a test has failed", async () => {
  const { totals } = await report("empty", "export {};");
  expect(totals).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test("a process that dies has failed, also when it dies with code 0", async () => {
  const killed = await report("killed", `test("a", () => process.kill(process.pid, "SIGKILL"));`);
  expect(killed.totals.failed).toBe(1);
  const exited = await report("exited", `test("a", () => process.exit(0));`);
  expect(exited.totals.failed).toBe(1);
  const worker = await report("worker", `test("a", () => process.exit(0));`, ["--parallel=2"]);
  expect(worker.totals.failed).toBe(1);
});

test("an error after the last test has failed", async () => {
  const { totals } = await report(
    "after",
    `import { afterAll } from "bun:test";
     test("a", () => {});
     afterAll(() => { throw new Error("late"); });`,
  );
  expect(totals).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test("a file that never ends has failed", async () => {
  const file = "endless.test.ts";
  writeFileSync(
    join(root, file),
    `import { test } from "bun:test"; test("a", () => { for (;;); });`,
  );
  const { totals } = await runTests({
    root,
    files: [file],
    args: [],
    deadlineMs: 300,
    output: "ignore",
  });
  expect(totals.failed).toBe(1);
});
