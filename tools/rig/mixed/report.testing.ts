/** The figures of a long run, as lines. */
import { KINDS } from "./faults.testing.ts";
import type { World } from "./world.testing.ts";

const FAULTS_SHOWN = 20;

/** What each figure counts: faults that begin with one of these invariants. */
const FIGURES: Record<string, readonly string[]> = {
  lost: ["I1", "I2", "I10", "I12"],
  doubled: ["I4", "I7"],
  reordered: ["I5", "I6", "S6"],
  "refused but there": ["I22"],
};

export function reportOf(world: World, seconds: number): string {
  const { acknowledged, retried, refused } = world.cast.journal.counts;
  const faults = [...world.faults, ...world.cast.journal.faults];
  const cycles = Object.values(world.cycles).reduce((sum, count) => sum + count, 0);
  const lines: [string, number][] = [
    ["cycles", cycles],
    ...Object.keys(KINDS).map((name): [string, number] => [`  ${name}`, world.cycles[name] ?? 0]),
    ["kill -9 in all", world.kills],
    ["acknowledged sends", acknowledged],
    ["unknown outcomes resolved by retry", retried],
    ["sends refused for good", refused],
    ...Object.entries(FIGURES).map(([name, ids]): [string, number] => [name, count(faults, ids)]),
    ["violations", faults.length],
    ["seed", world.seed],
    ["seconds", Math.round(seconds)],
  ];
  const table = lines.map(([name, value]) => `${name.padEnd(36)} ${String(value).padStart(12)}`);
  return [...table, ...faults.slice(0, FAULTS_SHOWN)].join("\n");
}

function count(faults: readonly string[], ids: readonly string[]): number {
  return faults.filter((fault) => ids.some((id) => fault.startsWith(`[${id}]`))).length;
}
