/**
 * `npm run simulate -- --seed 7` replays one run twice and prints what it came to; `-- --seeds 1000` sweeps. `--wiring`
 * takes one of the two, `--mutation` plants a bug, `--verbose` prints every frame, `--minutes` ends a sweep early.
 * A sweep may be made in pieces: `--results` keeps what each came to, `--sum` judges all of them as one.
 */
import { appendFile } from "node:fs/promises";
import { printSeed, printSweep } from "./command/print.ts";
import { HELP, readOptions } from "./command/options.ts";
import type { Options } from "./command/options.ts";
import { openResults, programHash, readPieces, seedsOf, sumOf } from "./command/results.ts";
import { collectStrays, takeStrays } from "./command/stray.ts";
import { addUp, sweep } from "./command/sweep.ts";
import type { Line, Sweep } from "./command/sweep.ts";
import { plant } from "./mutations/mutation.ts";
import { MUTATIONS } from "./mutations/table.ts";
import type { RunResult } from "./run.ts";

/** Some minutes' worth. */
const PIECE_SEEDS = 240;

if (process.argv.includes("--help")) {
  process.stdout.write(HELP);
  process.exit(0);
}
const options = given();
const mutation = MUTATIONS.find(({ name }) => name === options.mutation);
if (options.mutation !== undefined && !mutation)
  fail(
    `no planted bug ${options.mutation}; there are ${MUTATIONS.map(({ name }) => name).join(", ")}`,
  );

if (options.history !== undefined) await appendFile(options.history, "").catch(failWith);
if (options.sum !== undefined) process.exitCode = (await printSum(options.sum)) ? 0 : 1;
else if (options.seed !== undefined) {
  if (mutation && !options.plan_only) plant(mutation);
  const { run } = await import("./run.ts");
  const { guarded } = await import("./kernel/guard.ts");
  const seed = options.seed;
  const { verbose } = options;
  const wiring = options.wiring ?? mutation?.wiring;
  const history = options.history !== undefined;
  const one = (): RunResult =>
    guarded(() =>
      run({
        seed,
        verbose,
        history,
        ...(wiring && { wiring }),
        ...(mutation?.plan && { plan: mutation.plan }),
      }),
    );
  collectStrays();
  const first = one();
  first.faults.push(...(await takeStrays()));
  const second = one();
  process.exitCode = printSeed(first, second, verbose) ? 0 : 1;
  if (options.history !== undefined) await writeHistory(options.history, first);
} else {
  const { results, from } = options;
  const keep = results === undefined ? undefined : await openResults(results, from).catch(failWith);
  let seen = 0;
  const started = performance.now();
  const sum = await sweepInPieces(options, keep, (line) => {
    if (line.faults.length > 0)
      console.log(`seed ${line.seed} (${line.wiring}): ${line.faults[0]}`);
    if (++seen % 100 !== 0) return;
    const seconds = (performance.now() - started) / 1000;
    const left = Math.min(
      (seconds / seen) * (options.count - seen),
      options.minutes * 60 - seconds,
    );
    console.log(
      `${seen} seeds in ${Math.round(seconds)} s, at most ${Math.round(left / 60)} min left`,
    );
  });
  process.exitCode = printSweep(sum, mutation?.name) ? 0 : 1;
}

/** What each piece came to is kept at once, so that a sweep that is cut off has not been for nothing. */
async function sweepInPieces(
  all: Options,
  keep: Awaited<ReturnType<typeof openResults>> | undefined,
  told: (line: Line) => void,
): Promise<Sweep> {
  if (!keep) return sweep(all, told);
  const pieces: Sweep[] = [];
  const began = performance.now();
  const end = all.from + all.count;
  for (let from = all.from; from < end;) {
    const minutes = all.minutes - (performance.now() - began) / 60_000;
    const count = Math.min(PIECE_SEEDS, end - from);
    const piece = await sweep({ ...all, from, count, minutes }, told);
    if (piece.runs === 0) break;
    await keep(from, piece).catch(failWith);
    pieces.push(piece);
    if (piece.runs < count) break;
    from += count;
  }
  return addUp(pieces);
}

/** True when all pieces together are a sweep that is green. */
async function printSum(file: string): Promise<boolean> {
  const pieces = await readPieces(file).catch(failWith);
  const [first] = pieces;
  if (!first) return fail(`${file} has no results`);
  const isGreen = printSweep(sumOf(pieces));
  const today = first.program === (await programHash()) ? "the one here" : "not the one here";
  console.log(`seeds ${seedsOf(pieces)} of the program ${first.program}, ${today}`);
  return isGreen;
}

/** For `npm run history:check`, or for any other judge of Elle's histories. */
async function writeHistory(file: string, { history }: RunResult): Promise<void> {
  if (!history) return fail("a backup was put back: this seed has no history of lists");
  const { toEdn } = await import("@damso/tools/history/export");
  await Bun.write(file, toEdn(history)).catch(failWith);
}

function given(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    return fail((error as Error).message);
  }
}

function failWith(error: Error): never {
  return fail(error.message);
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
