/** `npm run history:check -- file.edn`: judges a history; the last line is `N transactions, N anomalies`. */
import { readFileSync } from "node:fs";
import { checkHistory } from "./check.ts";
import { parseHistory } from "./parse.ts";

const SHOWN = 50;

const [file, ...more] = process.argv.slice(2);
if (file === undefined || more.length > 0) {
  console.error("one file of EDN, as `npm run crash -- --history file.edn` writes it");
  process.exit(2);
}
const { transactions, anomalies } = checkHistory(parseHistory(readFileSync(file, "utf8")));
for (const { name, text } of anomalies.slice(0, SHOWN)) console.log(`${name}: ${text}`);
console.log(`${transactions} transactions, ${anomalies.length} anomalies`);
process.exitCode = anomalies.length === 0 ? 0 : 1;
