/** The table of planted bugs, for people. */
import { caughtBy, isCaught, medianOf, worstOf } from "./hunt.ts";
import type { Hunted } from "./hunt.ts";

const NAME = 36;

function row(name: string, by: string, median: string, worst: string, seed: string): string {
  return `${name.padEnd(NAME)} ${by.padEnd(20)} ${median.padStart(6)} ${worst.padStart(6)}  ${seed}`;
}

export function rowOf(hunted: Hunted): string {
  const count = (seeds: number | undefined): string => (seeds === undefined ? "-" : String(seeds));
  const by = isCaught(hunted) ? caughtBy(hunted).join(" ") : "NOT CAUGHT";
  const { name } = hunted.mutation;
  return row(name, by, count(medianOf(hunted)), count(worstOf(hunted)), replayOf(hunted));
}

/** A run that shows it, as `npm run simulate` takes it together with `--mutation`. */
function replayOf({ hunts }: Hunted): string {
  const line = hunts.find((hunt) => hunt.line)?.line;
  return line ? `--seed ${line.seed} --wiring ${line.wiring}` : "";
}

/** True when all were caught. The last line says how many. */
export function printTable(all: readonly Hunted[]): boolean {
  console.log(`\n${row("planted bug", "caught by", "median", "worst", "replay")}`);
  for (const hunted of all) console.log(rowOf(hunted));
  for (const { mutation, hunts } of all)
    for (const { died } of hunts) if (died !== undefined) console.log(`${mutation.name}: ${died}`);
  const caught = all.filter(isCaught).length;
  console.log(`\nmedian and worst: seeds until the first red one\n${caught}/${all.length} caught`);
  return caught === all.length;
}
