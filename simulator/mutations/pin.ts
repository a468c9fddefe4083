/** Seeds that show a bug and nothing else: green on the product, red with the bug planted. */
import type { Wiring } from "../plan.ts";
import { firstRed } from "./hunt.ts";
import type { Mutation } from "./mutation.ts";

/** Longer runs are not for a test that everybody waits for. */
const EVENTS_MAX = 60_000;

/** The faults of one run in a process of its own. */
export async function faultsOf(
  seed: number,
  wiring: Wiring,
  mutation: string | undefined,
): Promise<readonly string[]> {
  const { line, died } = await firstRed(mutation, wiring, seed, 1);
  if (!line && died !== undefined) throw new Error(died);
  return line?.faults ?? [];
}

/** The line for `pinned.ts`, of the first seed that will do. */
export async function pin({ name, wiring }: Mutation, seeds: number): Promise<string> {
  for (let next = 1; next <= seeds;) {
    const { line } = await firstRed(name, wiring, next, seeds - next + 1);
    if (!line) break;
    next = line.seed + 1;
    if ((line.counts["events"] ?? 0) > EVENTS_MAX) continue;
    if ((await faultsOf(line.seed, line.wiring, undefined)).length === 0)
      return `{ mutation: "${name}", seed: ${line.seed}, wiring: "${line.wiring}" },`;
  }
  return `// ${name}: none of ${seeds} seeds`;
}
