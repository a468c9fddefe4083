/**
 * `npm test [-- part-of-a-path …]`: the checks, then every test that a fresh machine can run, then those
 * that need a browser or servers, as far as this machine has what it takes to start them.
 * With a filter only the test files whose path contains it are run, and no checks.
 * The last line is `N passed, N failed`; the exit code follows it.
 */
import { Glob } from "bun";
import { runBrowserTests } from "./browser/run.ts";
import { checks, runCheck } from "./checks/checks.ts";
import { runServiceTests } from "./services/run.ts";
import type { Failure, Report } from "./test/junit.ts";
import { printReport } from "./test/print.ts";
import { runTests } from "./test/run.ts";
import { select } from "./test/select.ts";
import type { Totals } from "./test/totals.ts";
import { add, none } from "./test/totals.ts";

const root = new URL("..", import.meta.url).pathname;
const minute = 60_000;
const output = "inherit";
const filters = process.argv.slice(2);
const paths = new Glob("**/*.test.{ts,tsx}").scanSync({ cwd: root });
const { unit, long, cluster, browser } = select(paths, filters);
const failures: Failure[] = [];
let totals: Totals = none;

function count(report: Report): void {
  totals = add(totals, report.totals);
  failures.push(...report.failures);
}

async function countCheck(check: (typeof checks)[number]): Promise<void> {
  const passed = await runCheck(check, root);
  totals = add(totals, { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 });
  if (!passed) failures.push({ file: check.name, line: 1, title: "check", reason: check.remedy });
}

const option = filters.find((filter) => filter.startsWith("-"));
if (option !== undefined) {
  console.error(`${option}: there are no options, only parts of paths of test files`);
  process.exit(2);
}

if (filters.length === 0) {
  for (const check of checks) await countCheck(check);
}

if (unit.length > 0) {
  console.log(`\n${unit.length} test files, two at a time`);
  const args = ["--parallel=2", "--timeout=30000"];
  count(await runTests({ root, files: unit, args, deadlineMs: 20 * minute, output }));
}

for (const file of long) {
  console.log(`\n${file}, in a process of its own`);
  const args = [`--timeout=${15 * minute}`];
  count(await runTests({ root, files: [file], args, deadlineMs: 20 * minute, output }));
}

count(await runBrowserTests({ root, files: browser, output }));
count(await runServiceTests({ root, files: cluster, output }));

if (unit.length + long.length + cluster.length + browser.length === 0) {
  const reason = filters.length > 0 ? `none matches ${filters.join(", ")}` : "there is none";
  failures.push({ file: "tools/test.ts", line: 1, title: "no test file", reason });
  totals = add(totals, { passed: 0, failed: 1, skipped: 0 });
}

process.exitCode = printReport({ totals, failures });
