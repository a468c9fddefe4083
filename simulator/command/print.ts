/** What a person reads of a run or a sweep. */
import type { RunResult } from "../run.ts";
import { FAULT_KINDS, isJudged, PATHS } from "../paths.ts";
import type { Reach } from "../paths.ts";
import type { Sweep } from "./sweep.ts";

const TRACE_SHOWN = 40;
const FAULTS_SHOWN = 10;

/** `3 seeds`, `1 seed`. */
const counted = (n: number, what: string): string => `${amount(n)} ${what}${n === 1 ? "" : "s"}`;

const amount = (n: number): string => n.toLocaleString("en-US");

function table(title: string, counts: Record<string, number>): void {
  console.log(`\n${title}`);
  const rows = Object.entries(counts).sort(([, a], [, b]) => b - a);
  for (const [name, count] of rows) console.log(`  ${amount(count).padStart(13)}  ${name}`);
}

/** True when the run is green, both times the same. */
export function printSeed(first: RunResult, second: RunResult, verbose: boolean): boolean {
  const red = first.faults.length > 0;
  if (red && !verbose) console.log("what led to the first violation, in ms of the run");
  for (const line of verbose ? first.trace : red ? first.trace.slice(-TRACE_SHOWN) : [])
    console.log(line);
  table("injected", first.injected);
  table("rare paths", first.paths);
  table("counted", first.counts);
  for (const fault of first.faults.slice(0, FAULTS_SHOWN)) console.log(`\nVIOLATION ${fault}`);
  const rest = first.faults.length - FAULTS_SHOWN;
  if (rest > 0) console.log(`\nand ${amount(rest)} more`);
  console.log(
    `\nseed ${first.seed}, ${first.wiring}: ${red ? counted(first.faults.length, "violation") : "no violation"}`,
  );
  console.log(`trace hash ${first.hash}`);
  if (first.hash !== second.hash)
    console.log(`trace hash ${second.hash} the second time: NOT THE SAME`);
  return !red && first.hash === second.hash;
}

/** True when no seed is red and, in a sweep that is long enough, everything was reached. */
export function printSweep(sweep: Sweep, mutation?: string): boolean {
  table("injected faults", sweep.injected);
  table("rare paths", sweep.paths);
  table("counted", sweep.sums);
  for (const { seed, wiring, faults, hash, trace } of sweep.red) {
    console.log(`\nseed ${seed} (${wiring}), trace hash ${hash}`);
    const planted = mutation === undefined ? "" : ` --mutation ${mutation}`;
    console.log(`  npm run simulate -- --seed ${seed} --wiring ${wiring}${planted} --verbose`);
    for (const fault of faults.slice(0, FAULTS_SHOWN)) console.log(`  ${fault}`);
    for (const line of trace.slice(-10)) console.log(`    ${line}`);
  }
  const missed = unreached(sweep);
  for (const what of missed) console.log(`never reached: ${what}`);
  const injected = Object.values(sweep.injected).reduce((sum, count) => sum + count, 0);
  console.log(
    `\n${counted(sweep.runs, "seed")} (${Object.entries(sweep.by_wiring)
      .map(([name, count]) => `${amount(count)} ${name}`)
      .join(", ")}) in ${Math.round(sweep.seconds)} s`,
  );
  console.log(
    `${amount(sweep.sums["sends"] ?? 0)} sends, ${amount(injected)} injected faults, ${amount(sweep.sums["events"] ?? 0)} events`,
  );
  const all = [...FAULT_KINDS, ...PATHS];
  const judged = all.filter((reach) => isJudged(reach, sweep.runs)).length;
  const open = all.length - judged;
  const few = `${open} of the faults and paths are not judged: too few seeds`;
  if (judged > 0) console.log(`${missed.length} of ${judged} faults and paths never reached`);
  if (open > 0) console.log(few);
  console.log(counted(sweep.red.length, "red seed"));
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
