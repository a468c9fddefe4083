/**
 * A hunt for all planted bugs that is made in pieces: what came of each bug is kept in a file, and the next hunt with that
 * file goes on with the others. It counts as long as the program, the judgement, the bug and the seeds are the same. A
 * hunt whose process died is made again.
 */
import { has, openLines } from "../command/lines.ts";
import type { Hunt, Hunted, HuntOptions } from "./hunt.ts";
import type { Mutation } from "./mutation.ts";

type Kept = { key: string; name: string; hunts: Hunt[] };

/** What earlier pieces came to. */
export type Earlier = {
  of: (mutation: Mutation) => Hunt[] | undefined;
  keep: (hunted: Hunted) => Promise<void>;
};

const FAULTS_KEPT = 10;
const HERE = import.meta.url;
/** What decides whether a run shows a bug, beside the program. */
const JUDGING = ["mutation.ts", "hunt.ts", "../worker.ts"] as const;

/** No file: nothing is kept. `program` is the hash of all code that a run is made of, `now` what it is later on. */
export async function openKept(
  file: string | undefined,
  { seeds, repeat }: HuntOptions,
  program: string,
  now: () => Promise<string>,
): Promise<Earlier> {
  if (file === undefined) return { of: () => undefined, keep: () => Promise.resolve() };
  const judging = await Promise.all(JUDGING.map((name) => Bun.file(new URL(name, HERE)).text()));
  const keyOf = (mutation: Mutation): string =>
    Bun.hash(JSON.stringify([program, judging, seeds, repeat, mutation])).toString(36);
  const { lines, append } = await openLines(file, isKept);
  const known = new Map(lines.map((one) => [one.key, one]));
  return {
    of: (mutation) => known.get(keyOf(mutation))?.hunts,
    async keep({ mutation, hunts }) {
      if (hunts.some(({ died }) => died !== undefined) || (await now()) !== program) return;
      const line: Kept = { key: keyOf(mutation), name: mutation.name, hunts: hunts.map(brief) };
      await append(line);
    },
  };
}

const isKept = (line: unknown): line is Kept => has(line, "key", "hunts");

function brief(hunt: Hunt): Hunt {
  const { line } = hunt;
  if (!line) return hunt;
  return { ...hunt, line: { ...line, faults: line.faults.slice(0, FAULTS_KEPT), trace: [] } };
}
