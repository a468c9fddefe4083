/** Many seeds over several processes, and what they came to. */
import type { RunResult } from "../run.ts";
import type { Options } from "./options.ts";

/** One line of a worker. */
export type Line = Omit<RunResult, "trace"> & { ms: number; trace: string[] };

export type Sweep = {
  runs: number;
  red: Line[];
  sums: Record<string, number>;
  injected: Record<string, number>;
  paths: Record<string, number>;
  by_wiring: Record<string, number>;
  seconds: number;
};

/** Seeds that one process runs before it makes room for a fresh one. */
const SEEDS_PER_PROCESS = 60;
const RED_MAX = 50;

/** Runs the seeds of the options; `told` hears of each, in no order. */
export async function sweep(options: Options, told: (line: Line) => void): Promise<Sweep> {
  const started = performance.now();
  const sum = emptySweep();
  let next = options.from;
  const end = options.from + options.count;
  const late = (): boolean => performance.now() - started > options.minutes * 60_000;

  async function work(): Promise<void> {
    while (next < end && !late() && sum.red.length < RED_MAX) {
      const from = next;
      const count = Math.min(SEEDS_PER_PROCESS, end - from);
      next += count;
      await runWorker(options, from, count, (line) => {
        take(sum, line);
        told(line);
      });
    }
  }
  await Promise.all(Array.from({ length: options.jobs }, work));
  sum.seconds = (performance.now() - started) / 1000;
  return sum;
}

function emptySweep(): Sweep {
  return { runs: 0, red: [], sums: {}, injected: {}, paths: {}, by_wiring: {}, seconds: 0 };
}

/** Several sweeps as one that has run all their seeds. */
export function addUp(sweeps: readonly Sweep[]): Sweep {
  const all = emptySweep();
  for (const one of sweeps) {
    all.runs += one.runs;
    all.red.push(...one.red);
    all.seconds += one.seconds;
    for (const key of ["sums", "injected", "paths", "by_wiring"] as const) add(all[key], one[key]);
  }
  return all;
}

function take(sum: Sweep, line: Line): void {
  sum.runs++;
  if (line.faults.length > 0 && sum.red.length < RED_MAX) sum.red.push(line);
  add(sum.sums, line.counts);
  add(sum.injected, line.injected);
  add(sum.paths, line.paths);
  sum.by_wiring[line.wiring] = (sum.by_wiring[line.wiring] ?? 0) + 1;
}

function add(to: Record<string, number>, from: Record<string, number>): void {
  for (const [key, count] of Object.entries(from)) to[key] = (to[key] ?? 0) + count;
}

/** Runs seeds in a process of its own, and hears of each. Rejects when the process ends badly. */
export async function runWorker(
  options: Pick<Options, "wiring" | "mutation" | "plan_only" | "until_caught">,
  from: number,
  count: number,
  told: (line: Line) => void,
): Promise<void> {
  const args = ["--from", String(from), "--count", String(count)];
  if (options.wiring) args.push("--wiring", options.wiring);
  if (options.mutation) args.push("--mutation", options.mutation);
  if (options.plan_only) args.push("--plan-only");
  if (options.until_caught) args.push("--until-caught");
  const script = new URL("../worker.ts", import.meta.url).pathname;
  const child = Bun.spawn([process.execPath, script, ...args], {
    stdout: "pipe",
    stderr: "inherit",
  });
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) told(JSON.parse(line) as Line);
  }
  const code = await child.exited;
  if (code !== 0) throw new Error(`a worker for seeds from ${from} ended with ${code}`);
}
