/** `npm run check`: everything that `npm test` checks before it runs a test. */
import { checks, runCheck } from "./checks/checks.ts";
import { lastLine } from "./test/totals.ts";

const root = new URL("..", import.meta.url).pathname;
const totals = { passed: 0, failed: 0, skipped: 0 };

for (const check of checks) {
  if (await runCheck(check, root)) totals.passed += 1;
  else totals.failed += 1;
}

console.log(lastLine(totals));
process.exitCode = totals.failed === 0 ? 0 : 1;
