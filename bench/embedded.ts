/**
 * `npm run bench:embedded`: the server in one process beside the floor (a bare loop of the same
 * shape), in turn on the same machine, under the same generator. `--help` lists the flags.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { help, parseOptions, type Options } from "./options.ts";
import { endAll } from "./run/children.ts";
import { describeMachine } from "./run/machine.ts";
import { measureAll } from "./run/phases.ts";
import { report } from "./run/report.ts";
import { openSide, type Side } from "./run/sides.ts";

const options = parseOptions(process.argv.slice(2));
if (options === undefined) {
  console.log(help);
  process.exit(0);
}
const directory = mkdtempSync(join(tmpdir(), "damso-bench-"));
process.on("SIGINT", () => void leave(130));
process.on("SIGTERM", () => void leave(143));
try {
  await leave(await run(options));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await leave(1);
}

/** Measures, prints, and answers the exit code. */
async function run(options: Options): Promise<number> {
  console.log(describeMachine(directory));
  const sides: Side[] = [];
  for (const name of options.floor_only ? (["floor"] as const) : (["floor", "damso"] as const)) {
    console.error(`starting ${name} and its users`);
    sides.push(await openSide(name, directory));
  }
  const results = await measureAll(sides, options, (line) => console.error(line));
  console.log(`\n${report(results)}`);
  for (const problem of results.problems) console.log(`\nproblem: ${problem}`);
  return results.problems.length === 0 ? 0 : 1;
}

/** Ends every process of ours, removes the data, and exits. */
async function leave(code: number): Promise<never> {
  await endAll();
  rmSync(directory, { recursive: true, force: true });
  process.exit(code);
}
