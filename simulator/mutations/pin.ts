/** Seeds that show a bug and nothing else: green on the product, red with the bug planted. */
import { runWorker } from "../command/sweep.ts";
import type { Line } from "../command/sweep.ts";
import type { Wiring } from "../plan.ts";
import type { Mutation } from "./mutation.ts";

/** Longer runs are not for a test that everybody waits for. */
const EVENTS_MAX = 60_000;

/** The faults of one run in a process of its own. */
export async function faultsOf(
  seed: number,
  wiring: Wiring,
  mutation: string | undefined,
): Promise<readonly string[]> {
  const [line] = await linesOf(seed, 1, wiring, mutation);
  if (!line) throw new Error(`seed ${seed} told nothing`);
  return line.faults;
}

async function linesOf(
  from: number,
  count: number,
  wiring: Wiring,
  mutation: string | undefined,
): Promise<Line[]> {
  const lines: Line[] = [];
  const told = (line: Line): void => void lines.push(line);
  await runWorker({ wiring, mutation, until_caught: false }, from, count, told);
  return lines;
}

/** The line for `pinned.ts`, of the first seed that will do. */
export async function pin({ name, wiring = "single" }: Mutation, seeds: number): Promise<string> {
  for (let seed = 1; seed <= seeds; seed++) {
    const [line] = await linesOf(seed, 1, wiring, name);
    const short = (line?.counts["events"] ?? 0) <= EVENTS_MAX;
    if (!line || line.faults.length === 0 || !short) continue;
    if ((await faultsOf(seed, wiring, undefined)).length === 0)
      return `{ mutation: "${name}", seed: ${seed}, wiring: "${wiring}" },`;
  }
  return `// ${name}: none of ${seeds} seeds`;
}
