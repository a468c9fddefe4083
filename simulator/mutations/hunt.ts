/** Looks for the first seed at which a planted bug breaks one of its rules, in processes of its own. */
import { runWorker } from "../command/sweep.ts";
import type { Line } from "../command/sweep.ts";
import type { Wiring } from "../plan.ts";
import { shows } from "./mutation.ts";
import type { Mutation } from "./mutation.ts";

/** `seeds`: how many it took; undefined: none of them showed it, or a process `died` before one did. */
export type Hunt = {
  seeds: number | undefined;
  line: Line | undefined;
  died?: string | undefined;
  /** Of a bug that was not caught: what its runs were red by. */
  aside?: string | undefined;
};

export type Hunted = { mutation: Mutation; hunts: Hunt[] };

export type HuntOptions = { seeds: number; jobs: number; repeat: number };

/** So far apart are the starting points that no hunt sees a seed of another. */
const APART = 100_000;

export async function huntAll(
  mutations: readonly Mutation[],
  { seeds, jobs, repeat }: HuntOptions,
  earlier: (mutation: Mutation) => Hunt[] | undefined,
  told: (hunted: Hunted) => void,
): Promise<Hunted[]> {
  const all = mutations.map((mutation): Hunted => ({
    mutation,
    hunts: [...(earlier(mutation) ?? [])],
  }));
  const open = all.filter(({ hunts }) => hunts.length === 0);
  const work = open.flatMap((hunted) =>
    Array.from({ length: repeat }, (_, n) => async (): Promise<void> => {
      hunted.hunts.push(await hunt(hunted.mutation, 1 + n * APART, seeds));
      if (hunted.hunts.length === repeat) told(hunted);
    }),
  );
  const next = work.values();
  const worker = async (): Promise<void> => {
    for (const one of next) await one();
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return all;
}

async function hunt(mutation: Mutation, from: number, seeds: number): Promise<Hunt> {
  const passed: Line[] = [];
  for (let next = from; next < from + seeds;) {
    const { line, died } = await firstShown(mutation, next, from + seeds - next, passed);
    if (!line) return { seeds: undefined, line, died, aside: redFor(passed) };
    // A seed that is red without the bug says nothing about it.
    const without = await runOne(line.seed, line.wiring, { mutation, plan_only: true });
    if (without.died !== undefined)
      return { seeds: undefined, line: undefined, died: without.died };
    if (without.faults.length === 0) return { seeds: line.seed - from + 1, line };
    next = line.seed + 1;
  }
  return { seeds: undefined, line: undefined, aside: "red without the bug too" };
}

/** The first of these seeds that is red by a rule that the bug breaks; `passed` gets those that are red by others only. */
export async function firstShown(
  mutation: Mutation,
  from: number,
  seeds: number,
  passed: Line[] = [],
): Promise<Pick<Hunt, "line" | "died">> {
  const { name, wiring } = mutation;
  let line: Line | undefined;
  const take = (told: Line): void => {
    if (shows(mutation, told.faults)) line ??= told;
    else if (told.faults.length > 0) passed.push(told);
  };
  const options = { wiring, mutation: name, plan_only: false, until_caught: true };
  try {
    await runWorker(options, from, seeds, take);
  } catch (error) {
    return { line, died: String(error) };
  }
  return { line, died: undefined };
}

export type Planted = { mutation: Mutation; plan_only?: boolean };

/** The faults of one run in a process of its own; `died`: it did not come to its end. */
export async function runOne(
  seed: number,
  wiring: Wiring,
  { mutation, plan_only = false }: Planted,
): Promise<{ faults: readonly string[]; died: string | undefined }> {
  let faults: readonly string[] = [];
  const options = { wiring, mutation: mutation.name, plan_only, until_caught: false };
  try {
    await runWorker(options, seed, 1, (line) => (faults = line.faults));
  } catch (error) {
    return { faults, died: String(error) };
  }
  return { faults, died: undefined };
}

/** What a bug that nobody caught was seen to do, for whoever asks whether its rules are the right ones. */
function redFor(passed: readonly Line[]): string | undefined {
  const [first] = passed;
  if (!first) return undefined;
  const rules = [...new Set(passed.flatMap(({ faults }) => faults.map(ruleOf)))].join(" ");
  return `${passed.length} seeds are red by ${rules}, which it is not said to break; the first is ${first.seed}`;
}

/** The rules that the red runs name first; `bug`: the server itself said that something is wrong. */
export function caughtBy({ mutation, hunts }: Hunted): string[] {
  const rules = hunts.flatMap(({ line }) => rulesOf(mutation, line?.faults ?? []));
  return [...new Set(rules)].toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
}

/** Those of the first faults, and one that the bug breaks in any case. */
function rulesOf(mutation: Mutation, faults: readonly string[]): string[] {
  const shown = faults.filter((fault) => shows(mutation, [fault])).slice(0, 1);
  return [...faults.slice(0, FIRST), ...shown].map(ruleOf);
}

const FIRST = 3;

const ruleOf = (fault: string): string => /^\[(I\d+)\]/.exec(fault)?.[1] ?? "bug";

export const isCaught = ({ hunts }: Hunted): boolean =>
  hunts.every(({ seeds }) => seeds !== undefined);

/** In the middle of all hunts; those that found nothing count as longer than all others. */
export function medianOf({ hunts }: Hunted): number | undefined {
  const counts = hunts.map(({ seeds = Infinity }) => seeds).toSorted((a, b) => a - b);
  const middle = counts[Math.floor((counts.length - 1) / 2)] ?? Infinity;
  return middle === Infinity ? undefined : middle;
}

export function worstOf(hunted: Hunted): number | undefined {
  return isCaught(hunted) ? Math.max(...hunted.hunts.map(({ seeds = 0 }) => seeds)) : undefined;
}

/** By how many seeds half of the bugs are caught, and how many are by `seeds`, both by their medians. */
export function spread(
  all: readonly Hunted[],
  seeds: number,
): { half: number | undefined; within: number } {
  const medians = all.map((one) => medianOf(one) ?? Infinity).toSorted((a, b) => a - b);
  const half = medians[Math.ceil(medians.length / 2) - 1];
  return {
    half: half === Infinity ? undefined : half,
    within: medians.filter((median) => median <= seeds).length,
  };
}
