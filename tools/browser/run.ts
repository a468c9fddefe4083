/** Runs the test files that play scenes in a browser; where there is none, each of them is counted as skipped. */
import { withoutServer } from "../services/run.ts";
import { missingTool } from "../services/get/tool.ts";
import type { Report } from "../test/junit.ts";
import { runTests } from "../test/run.ts";
import { add, none } from "../test/totals.ts";
import { getBrowser } from "./get.ts";

const MINUTE = 60_000;
const SCENE_MS = 2 * MINUTE;
const FILE_MS = 30 * MINUTE;

export type BrowserRun = {
  root: string;
  files: readonly string[];
  output: "inherit" | "ignore";
  /** Where a browser is, or a ToolMissing that says why there is none. */
  get?: () => Promise<string>;
};

export async function runBrowserTests(given: BrowserRun): Promise<Report> {
  const { root, files, output, get = getBrowser } = given;
  const report: Report = { totals: none, failures: [] };
  if (files.length === 0) return report;
  const missing = await missingTool(get);
  for (const file of files) {
    console.log(`\n${file}, in a browser`);
    const one =
      missing === undefined
        ? await runTests({
            root,
            files: [file],
            args: [`--timeout=${SCENE_MS}`],
            deadlineMs: FILE_MS,
            output,
          })
        : withoutServer(file, { because: "tools", reason: missing });
    report.totals = add(report.totals, one.totals);
    report.failures.push(...one.failures);
  }
  return report;
}
