/** `npm run demo`: see `--help`, and docs/demo.md for what is checked. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { amount } from "./check/finding.ts";
import { help, parseOptions } from "./options.ts";
import type { Options } from "./options.ts";
import { processes } from "./processes.ts";
import { runDemo } from "./run.ts";

const all = processes();
const options = read();
if (options === undefined) {
  console.log(help);
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), "damso-demo-"));
process.on("SIGINT", () => void leave(130));
process.on("SIGTERM", () => void leave(143));
await leave(await verdict(options));

function read(): Options | undefined {
  try {
    return parseOptions(process.argv.slice(2), Math.floor(Math.random() * 1_000_000));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}

/** Runs and says how it went; answers the exit code. */
async function verdict(options: Options): Promise<number> {
  try {
    const findings = await runDemo({ options, folder, all, line: console.log });
    const failed = findings.filter(({ faults }) => faults.length > 0);
    if (failed.length === 0) console.log(`demo: all ${amount(findings.length)} checks passed`);
    else console.log(`demo: failed: ${failed.map(({ rule }) => rule).join(", ")}`);
    return failed.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(error);
    console.log(`demo: could not be played to the end; the same again: --seed ${options.seed}`);
    return 1;
  }
}

/** Every process of ours ends before we do, and the data goes with them. */
async function leave(code: number): Promise<never> {
  await all.endAll();
  if (options?.keep) console.log(`the data is in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}
