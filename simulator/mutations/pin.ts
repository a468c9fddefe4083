/** Seeds that show a bug and nothing else: green on the product, red by a rule of the bug with it planted. */
import type { Wiring } from "../plan.ts";
import { firstShown, runOne } from "./hunt.ts";
import type { Planted } from "./hunt.ts";
import type { Mutation } from "./mutation.ts";

/** Longer runs are not for a test that everybody waits for. */
const EVENTS_MAX = 60_000;

/** The faults of one run in a process of its own. */
export async function faultsOf(
  seed: number,
  wiring: Wiring,
  planted: Planted,
): Promise<readonly string[]> {
  const { faults, died } = await runOne(seed, wiring, planted);
  if (died !== undefined) throw new Error(died);
  return faults;
}

/** The line for `pinned.ts`, of the first seed that will do. */
export async function pin(mutation: Mutation, seeds: number): Promise<string> {
  const { name } = mutation;
  for (let next = 1; next <= seeds;) {
    const { line } = await firstShown(mutation, next, seeds - next + 1);
    if (!line) break;
    next = line.seed + 1;
    if ((line.counts["events"] ?? 0) > EVENTS_MAX) continue;
    const without = await faultsOf(line.seed, line.wiring, { mutation, plan_only: true });
    if (without.length === 0)
      return `{ mutation: "${name}", seed: ${line.seed}, wiring: "${line.wiring}" },`;
  }
  return `// ${name}: none of ${seeds} seeds`;
}
