/**
 * One process of a sweep: `bun simulator/worker.ts --from 1 --count 100 [--wiring single] [--mutation name] [--until-caught]`.
 * Prints one line of JSON a seed. With `--plan-only` the runs are as the planted bug wants them, and it is not planted.
 */
import type { RunResult } from "./run.ts";
import { collectStrays, takeStrays } from "./command/stray.ts";
import { plant, shows } from "./mutations/mutation.ts";
import { MUTATIONS } from "./mutations/table.ts";
import { readOptions } from "./command/options.ts";

const options = readOptions(process.argv.slice(2));
const mutation = MUTATIONS.find(({ name }) => name === options.mutation);
if (mutation && !options.plan_only) plant(mutation);
collectStrays();

// Imported only now, so that the planted bug is in what they import.
const { run } = await import("./run.ts");
const { guarded } = await import("./kernel/guard.ts");

for (let seed = options.from; seed < options.from + options.count; seed += options.step) {
  const started = performance.now();
  const result = runOne(seed);
  const ms = Math.round(performance.now() - started);
  const faults = [...result.faults, ...(await takeStrays())];
  const trace = faults.length > 0 ? result.trace.slice(-40) : [];
  process.stdout.write(`${JSON.stringify({ ...result, faults, ms, trace })}\n`);
  if (options.until_caught && isCaught(faults)) break;
  Bun.gc(false);
}

function runOne(seed: number): RunResult {
  const wiring = options.wiring ?? mutation?.wiring;
  return guarded(() =>
    run({ seed, ...(wiring && { wiring }), ...(mutation?.plan && { plan: mutation.plan }) }),
  );
}

/** A bug is caught by a rule that it breaks, the product by anything. */
function isCaught(faults: readonly string[]): boolean {
  return mutation && !options.plan_only ? shows(mutation, faults) : faults.length > 0;
}
