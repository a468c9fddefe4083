/** What a person reads of a run or a sweep. */
import type { RunResult } from "../run.ts";
import { FAULT_KINDS, isJudged, PATHS } from "../paths.ts";
import type { Reach } from "../paths.ts";
import type { Sweep } from "./sweep.ts";

const TRACE_SHOWN = 40;
const FAULTS_SHOWN = 10;

const amount = (n: number): string => n.toLocaleString("en-US");

function table(title: string, counts: Record<string, number>): void {
  console.log(`\n${title}`);
  const rows = Object.entries(counts).sort(([, a], [, b]) => b - a);
  for (const [name, count] of rows) console.log(`  ${amount(count).padStart(13)}  ${name}`);
}

/** True when the run is green, both times the same. */
export function printSeed(first: RunResult, second: RunResult, verbose: boolean): boolean {
  const red = first.faults.length > 0;
  if (verbose) for (const line of first.trace) console.log(line);
  else if (red) for (const line of first.trace.slice(-TRACE_SHOWN)) console.log(line);
  table("injected", first.injected);
  table("sometimes", first.paths);
  table("counted", first.counts);
  for (const fault of first.faults.slice(0, FAULTS_SHOWN)) console.log(`\nVIOLATION ${fault}`);
  console.log(
    `\nseed ${first.seed}, ${first.wiring}: ${red ? `${first.faults.length} violations` : "no violation"}`,
  );
  console.log(`trace hash ${first.hash}`);
  if (first.hash !== second.hash)
    console.log(`trace hash ${second.hash} the second time: NOT THE SAME`);
  return !red && first.hash === second.hash;
}

/** True when no seed is red and, in a sweep that is long enough, everything was reached. */
export function printSweep(sweep: Sweep): boolean {
  table("injected faults", sweep.injected);
  table("rare paths", sweep.paths);
  table("counted", sweep.sums);
  for (const { seed, wiring, faults, hash, trace } of sweep.red) {
    console.log(`\nseed ${seed} (${wiring}), trace hash ${hash}`);
    console.log(`  npm run simulate -- --seed ${seed} --wiring ${wiring} --verbose`);
    for (const fault of faults.slice(0, FAULTS_SHOWN)) console.log(`  ${fault}`);
    for (const line of trace.slice(-10)) console.log(`    ${line}`);
  }
  const missed = unreached(sweep);
  for (const what of missed) console.log(`never reached: ${what}`);
  const injected = Object.values(sweep.injected).reduce((sum, count) => sum + count, 0);
  console.log(
    `\n${amount(sweep.runs)} seeds (${Object.entries(sweep.by_wiring)
      .map(([name, count]) => `${amount(count)} ${name}`)
      .join(", ")}) in ${Math.round(sweep.seconds)} s`,
  );
  console.log(
    `${amount(sweep.sums["sends"] ?? 0)} sends, ${amount(injected)} injected faults, ${amount(sweep.sums["events"] ?? 0)} events`,
  );
  const all = [...FAULT_KINDS, ...PATHS];
  const judged = all.filter((reach) => isJudged(reach, sweep.runs)).length;
  const open = all.length - judged;
  console.log(
    `${sweep.red.length} red seeds, ${missed.length} of ${judged} faults and paths never reached${open > 0 ? `, ${open} not judged: too few seeds` : ""}`,
  );
  return sweep.red.length === 0 && missed.length === 0;
}

/** What so many seeds of the wirings that were run should have reached and never did. */
export function unreached({
  runs: seeds,
  injected,
  paths,
  by_wiring,
}: Pick<Sweep, "runs" | "injected" | "paths" | "by_wiring">): string[] {
  const isDue = (reach: Reach): boolean =>
    isJudged(reach, seeds) && (reach.wiring === undefined || (by_wiring[reach.wiring] ?? 0) > 0);
  return [
    ...FAULT_KINDS.filter((reach) => isDue(reach) && !injected[reach.name]),
    ...PATHS.filter((reach) => isDue(reach) && !paths[reach.name]),
  ].map(({ name }) => name);
}
