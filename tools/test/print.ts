import type { Report } from "./junit.ts";
import { isGreen, lastLine } from "./totals.ts";

/** Says what failed and, as the last line, what was counted. Answers the exit code. */
export function printReport({ totals, failures }: Report): 0 | 1 {
  if (failures.length > 0) console.log("\nFailed:");
  for (const { file, line, title, reason } of failures) {
    console.log(`  ${file}:${line}  ${title}\n      ${reason}`);
  }
  console.log(`\n${lastLine(totals)}`);
  return isGreen(totals) ? 0 : 1;
}
