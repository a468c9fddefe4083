/** `npm run history:check -- file.edn`: judges a history; the last line is `N transactions, N anomalies`. */
import { readFileSync } from "node:fs";
import { checkHistory } from "./check.ts";
import type { HistoryEvent } from "./history.ts";
import { parseHistory } from "./parse.ts";

const SHOWN = 50;

const USAGE = `npm run history:check -- FILE

FILE is what \`npm run crash -- --history FILE\` or \`npm run simulate -- --seed N --history FILE\` writes.`;

const [file, ...more] = process.argv.slice(2);
if (file === "--help") {
  console.log(USAGE);
  process.exit(0);
}
if (file === undefined || more.length > 0 || file.startsWith("-")) fail(USAGE);
const { transactions, anomalies } = checkHistory(parse(file));
if (transactions === 0) fail(`${file} has no transaction: nothing can be said of it`);
for (const { name, text } of anomalies.slice(0, SHOWN)) console.log(`${name}: ${text}`);
console.log(`${transactions} transactions, ${anomalies.length} anomalies`);
process.exitCode = anomalies.length === 0 ? 0 : 1;

function parse(name: string): HistoryEvent[] {
  try {
    return parseHistory(readFileSync(name, "utf8"));
  } catch (error) {
    return fail(`${name}: ${(error as Error).message}`);
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
