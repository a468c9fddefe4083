/**
 * `npm run crash -- [--cycles 1000] [--seed 7] [--history f.edn]`, `npm run crash:images -- [--images 5000] [--seed 7]`,
 * `npm run chaos -- [--hurts 200] [--sends 1000000] [--engines 3] [--seed 7]`, `npm run chaos:table -- [--seconds 300]` and `npm run fuzz -- [--inputs 1000000] [--seed 7]`: one of the tests that have no natural end, as long as one likes.
 */
import { resolve } from "node:path";
import { Glob } from "bun";
import { runTests } from "./test/run.ts";
import { isGreen, lastLine } from "./test/totals.ts";

const root = new URL("..", import.meta.url).pathname;
const DAY = 24 * 3_600_000;

/** Where the history of a crash run is written. */
const HISTORY = "--history";
/** The option of each test that says how much, the variable that the test reads it from, and what it is without. */
const AMOUNTS: Record<string, { flag: string; variable: string; usual?: string }> = {
  crash: { flag: "--cycles", variable: "DAMSO_CRASH_CYCLES" },
  images: { flag: "--images", variable: "DAMSO_IMAGES_COUNT", usual: "500" },
  fuzz: { flag: "--inputs", variable: "DAMSO_FUZZ_INPUTS" },
  chaos: { flag: "--hurts", variable: "DAMSO_CHAOS_HURTS", usual: "30" },
  away: { flag: "--seconds", variable: "DAMSO_AWAY_SECONDS", usual: "300" },
};

/** Where a script has another name than its test. */
const SCRIPTS: Record<string, string> = { images: "crash:images", away: "chaos:table" };

/** With fewer a run is too short to mean something. */
const LEAST: Record<string, number> = { "--cycles": 2 };

/** What each option means. */
const MEANINGS: Record<string, string> = {
  "--cycles": "how often the server is ended or halted, or its disk filled, 2 at least (16)",
  "--images": "how many states after a power loss are rebuilt and opened (500)",
  "--inputs": "how many malformed inputs are sent",
  "--hurts": "how many faults there are (30)",
  "--seconds": "how long the table is away (300)",
  "--sends": "how many sends are acknowledged at least",
  "--engines": "nodes of NATS and of Cassandra, 1 or 3 (1)",
  "--history": "a file for the history of the run, for npm run history:check",
  "--seed": "chooses what happens; another one each time without it",
};

const [name = "", ...options] = process.argv.slice(2);
const amount = AMOUNTS[name];
if (!amount) fail(`${name}: one of ${Object.keys(AMOUNTS).join(", ")}`);
const variables: Record<string, string> = {
  [amount.flag]: amount.variable,
  ...(name !== "away" && { "--seed": `DAMSO_${name.toUpperCase()}_SEED` }),
  ...(name === "crash" && { [HISTORY]: "DAMSO_CRASH_HISTORY" }),
  ...(name === "chaos" && { "--sends": "DAMSO_CHAOS_SENDS", "--engines": "DAMSO_CHAOS_ENGINES" }),
};

if (options.includes("--help")) {
  console.log(`npm run ${SCRIPTS[name] ?? name} -- [options]\n`);
  for (const flag of Object.keys(variables)) {
    const value = flag === HISTORY ? "FILE" : "N";
    console.log(`  ${`${flag} ${value}`.padEnd(16)} ${MEANINGS[flag]}`);
  }
  process.exit(0);
}
const env: Record<string, string> = {};
if (amount.usual !== undefined) env[amount.variable] = amount.usual;
for (let at = 0; at < options.length; at += 2) {
  const [flag = "", value = ""] = options.slice(at, at + 2);
  const variable = variables[flag];
  if (variable === undefined) fail(`${flag} is no option; --help names all`);
  if (flag !== HISTORY && !/^\d+$/.test(value)) fail(`${flag} needs a whole number`);
  if (flag === amount.flag && Number(value) < (LEAST[flag] ?? 1))
    fail(`${flag} needs ${LEAST[flag] ?? 1} at least`);
  if (value === "") fail(`${flag} needs a file`);
  env[variable] = flag === HISTORY ? resolve(value) : value;
}

const files = [
  ...new Glob(`tools/tests/{${name},*.${name},${name}.process,${name}.cluster}.test.ts`).scanSync({
    cwd: root,
  }),
];
const args = [`--timeout=${DAY}`];
const { totals, failures } = await runTests({
  root,
  files,
  args,
  env,
  deadlineMs: DAY,
  output: "inherit",
});
for (const { title, reason } of failures) console.log(`${title}\n      ${reason}`);
console.log(`\n${lastLine(totals)}`);
process.exitCode = isGreen(totals) ? 0 : 1;

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
