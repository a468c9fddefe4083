/** Looks for the first seed that a planted bug makes red, in processes of its own. */
import { runWorker } from "../command/sweep.ts";
import type { Line } from "../command/sweep.ts";
import type { Wiring } from "../plan.ts";
import type { Mutation } from "./mutation.ts";

/** `seeds`: how many it took; undefined: all of them were green, or a process died before one was red. */
export type Hunt = { seeds: number | undefined; line: Line | undefined; died: string | undefined };

export type Hunted = { mutation: Mutation; hunts: Hunt[] };

export type HuntOptions = { seeds: number; jobs: number; repeat: number };

/** So far apart are the starting points that no hunt sees a seed of another. */
const APART = 100_000;

export async function huntAll(
  mutations: readonly Mutation[],
  { seeds, jobs, repeat }: HuntOptions,
  told: (hunted: Hunted) => void,
): Promise<Hunted[]> {
  const all = mutations.map((mutation): Hunted => ({ mutation, hunts: [] }));
  const work = all.flatMap((hunted) =>
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

async function hunt({ name, wiring }: Mutation, from: number, seeds: number): Promise<Hunt> {
  for (let next = from; next < from + seeds;) {
    const { line, died } = await firstRed(name, wiring, next, from + seeds - next);
    if (!line) return { seeds: undefined, line, died };
    // A seed that is red without the bug says nothing about it.
    const { line: same, died: ended } = await firstRed(undefined, line.wiring, line.seed, 1);
    if (ended !== undefined) return { seeds: undefined, line: undefined, died: ended };
    if (!same) return { seeds: line.seed - from + 1, line, died: undefined };
    next = line.seed + 1;
  }
  return { seeds: undefined, line: undefined, died: "red without the bug too" };
}

type Seen = Pick<Hunt, "line" | "died">;

/** The first red one of these seeds, with the bug or without any. */
export async function firstRed(
  mutation: string | undefined,
  wiring: Wiring | undefined,
  from: number,
  seeds: number,
): Promise<Seen> {
  let line: Line | undefined;
  const take = (told: Line): void => {
    if (told.faults.length > 0) line ??= told;
  };
  try {
    await runWorker({ wiring, mutation, until_caught: true }, from, seeds, take);
  } catch (error) {
    return { line, died: String(error) };
  }
  return { line, died: undefined };
}

/** The rules that the first faults of the red runs name; `bug`: the server itself said that something is wrong. */
export function caughtBy({ hunts }: Hunted): string[] {
  const rules = hunts.flatMap(({ line }) => line?.faults.slice(0, FIRST) ?? []).map(ruleOf);
  return [...new Set(rules)].toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
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
