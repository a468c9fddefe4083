/**
 * A hunt for all planted bugs that is made in pieces: what came of each bug is kept in a file, and the next hunt with that
 * file goes on with the others. It counts as long as the program, the bug and the seeds are the same.
 */
import { appendFile } from "node:fs/promises";
import type { Hunt, Hunted, HuntOptions } from "./hunt.ts";
import type { Mutation } from "./mutation.ts";

type Kept = { key: string; name: string; hunts: Hunt[] };

/** What earlier pieces came to. */
export type Earlier = {
  of: (mutation: Mutation) => Hunt[] | undefined;
  keep: (hunted: Hunted) => Promise<void>;
};

const FAULTS_KEPT = 10;

/** No file: nothing is kept. `program` is the hash of all code that a run is made of, `now` what it is later on. */
export async function openKept(
  file: string | undefined,
  { seeds, repeat }: HuntOptions,
  program: string,
  now: () => Promise<string>,
): Promise<Earlier> {
  if (file === undefined) return { of: () => undefined, keep: () => Promise.resolve() };
  const keyOf = (mutation: Mutation): string =>
    Bun.hash(JSON.stringify([program, seeds, repeat, mutation])).toString(36);
  const kept = Bun.file(file);
  const text = (await kept.exists()) ? await kept.text() : "";
  const lines = text.split("\n").filter((line) => line !== "");
  const known = new Map(lines.map((line) => JSON.parse(line) as Kept).map((one) => [one.key, one]));
  return {
    of: (mutation) => known.get(keyOf(mutation))?.hunts,
    async keep({ mutation, hunts }) {
      if ((await now()) !== program) return;
      const line: Kept = { key: keyOf(mutation), name: mutation.name, hunts: hunts.map(brief) };
      await appendFile(file, `${JSON.stringify(line)}\n`);
    },
  };
}

function brief(hunt: Hunt): Hunt {
  const { line } = hunt;
  if (!line) return hunt;
  return { ...hunt, line: { ...line, faults: line.faults.slice(0, FAULTS_KEPT), trace: [] } };
}
