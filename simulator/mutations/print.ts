/** The table of planted bugs, for people. */
import { caughtBy, isCaught, medianOf, spread, worstOf } from "./hunt.ts";
import type { Hunted } from "./hunt.ts";

const NAME = 36;
const EARLY = 10;

function row(name: string, by: string, median: string, worst: string, seed: string): string {
  return `${name.padEnd(NAME)} ${by.padEnd(20)} ${median.padStart(6)} ${worst.padStart(6)}  ${seed}`;
}

export function rowOf(hunted: Hunted): string {
  const count = (seeds: number | undefined): string => (seeds === undefined ? "-" : String(seeds));
  const by = isCaught(hunted) ? caughtBy(hunted).join(" ") : "NOT CAUGHT";
  const { name } = hunted.mutation;
  const replay = replayOf(hunted) + planOf(hunted);
  return row(name, by, count(medianOf(hunted)), count(worstOf(hunted)), replay);
}

/** A run that shows it, as `npm run simulate` takes it together with `--mutation`. */
function replayOf({ hunts }: Hunted): string {
  const line = hunts.find((hunt) => hunt.line)?.line;
  return line ? `--seed ${line.seed} --wiring ${line.wiring}` : "";
}

/** What its runs were given that seeds draw otherwise. */
function planOf({ mutation: { plan } }: Hunted): string {
  const given = Object.entries(plan ?? {}).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return given.length > 0 ? `  in runs with ${given.join(" ")}` : "";
}

/** Bugs whose runs are drawn by their seeds alone; the others have been brought near to it. */
function spreadOf(all: readonly Hunted[]): string {
  const drawn = all.filter(({ mutation }) => !mutation.plan);
  const { half = "-", within } = spread(drawn, EARLY);
  return `of ${drawn.length} in runs that are drawn whole, by the median half are caught within ${half} seeds and ${within} within ${EARLY}; ${all.length - drawn.length} have runs that are given something`;
}

/** True when all were caught. The last line says how many. */
export function printTable(all: readonly Hunted[]): boolean {
  console.log(`\n${row("planted bug", "caught by", "median", "worst", "replay")}`);
  for (const hunted of all) console.log(rowOf(hunted));
  for (const { mutation, hunts } of all)
    for (const { died, aside } of hunts)
      for (const what of [died, aside])
        if (what !== undefined) console.log(`${mutation.name}: ${what}`);
  console.log("\nmedian and worst: seeds until one is red by a rule that the bug breaks");
  console.log("replay: npm run simulate -- --mutation NAME, and what stands there");
  console.log(spreadOf(all));
  const caught = all.filter(isCaught).length;
  console.log(`${caught}/${all.length} caught`);
  return caught === all.length;
}
