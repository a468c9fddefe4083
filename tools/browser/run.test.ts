import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ToolMissing } from "../services/get/tool.ts";
import { runBrowserTests } from "./run.ts";

const root = mkdtempSync(join(tmpdir(), "damso-browser-"));
afterAll(() => rmSync(root, { recursive: true }));
writeFileSync(
  join(root, "page.browser.test.ts"),
  `import { expect, test } from "bun:test"; test("a", () => expect(1).toBe(1));`,
);
const files = ["page.browser.test.ts"];

test("without a browser a file is skipped, never passed", async () => {
  const get = async (): Promise<string> => {
    throw new ToolMissing("there is none");
  };
  const { totals } = await runBrowserTests({ root, files, output: "ignore", get });
  expect(totals).toEqual({ passed: 0, failed: 0, skipped: 1 });
});

test("with one it is run", async () => {
  const get = async (): Promise<string> => "/usr/bin/true";
  const { totals } = await runBrowserTests({ root, files, output: "ignore", get });
  expect(totals).toEqual({ passed: 1, failed: 0, skipped: 0 });
});
