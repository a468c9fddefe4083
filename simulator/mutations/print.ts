/** The table of planted bugs, for people. */
import { caughtBy, isCaught, medianOf, worstOf } from "./hunt.ts";
import type { Hunted } from "./hunt.ts";

const NAME = 36;

function row(name: string, wiring: string, by: string, median: string, worst: string): string {
  return `${name.padEnd(NAME)} ${wiring.padEnd(8)} ${by.padEnd(20)} ${median.padStart(6)} ${worst.padStart(6)}`;
}

export function rowOf(hunted: Hunted): string {
  const { name, wiring = "both" } = hunted.mutation;
  const count = (seeds: number | undefined): string => (seeds === undefined ? "-" : String(seeds));
  const by = isCaught(hunted) ? caughtBy(hunted).join(" ") : "NOT CAUGHT";
  return row(name, wiring, by, count(medianOf(hunted)), count(worstOf(hunted)));
}

/** True when all were caught. The last line says how many. */
export function printTable(all: readonly Hunted[]): boolean {
  console.log(`\n${row("planted bug", "wiring", "caught by", "median", "worst")}`);
  for (const hunted of all) console.log(rowOf(hunted));
  for (const { mutation, hunts } of all)
    for (const { died } of hunts) if (died !== undefined) console.log(`${mutation.name}: ${died}`);
  const caught = all.filter(isCaught).length;
  console.log(`\nmedian and worst: seeds until the first red one\n${caught}/${all.length} caught`);
  return caught === all.length;
}
