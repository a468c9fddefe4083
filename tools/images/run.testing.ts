/** Records a workload, and makes, opens and judges images of it. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Random } from "../rig/random.testing.ts";
import { temporary } from "../rig/server.ts";
import { readCommits, WRITE_BUFFER_BYTES } from "./commits.testing.ts";
import type { CommitNote } from "./commits.testing.ts";
import { diskAt, LUCKS, writeImage } from "./disk.testing.ts";
import type { Luck } from "./disk.testing.ts";
import { judge } from "./judge.testing.ts";
import { commitsAt, readTrace } from "./trace.testing.ts";
import type { Event } from "./trace.testing.ts";

export const SESSIONS = 3;
const OPERATIONS = 50;

export type Recording = { events: Event[]; commits: CommitNote[] };

export type Tally = { images: number; reopened: number; commits: number; faults: string[] };

/** @param library the compiled shim */
export function record(library: string, seed: number): Recording {
  const place = temporary("record");
  const root = join(place, "db");
  const [trace, commits] = [join(place, "trace"), join(place, "commits")];
  const script = join(import.meta.dir, "workload.testing.ts");
  const traced = { LD_PRELOAD: library, DAMSO_TRACE_ROOT: root, DAMSO_TRACE_FILE: trace };
  for (let session = 0; session < SESSIONS; session++) {
    const args = [root, commits, seed, session, OPERATIONS].map(String);
    const env = { ...process.env, ...traced };
    const child = Bun.spawnSync([process.execPath, script, ...args], { env, stderr: "pipe" });
    if (child.exitCode !== 0) throw new Error(`the workload failed:\n${child.stderr.toString()}`);
  }
  return { events: readTrace(trace), commits: readCommits(commits) };
}

export function createTally(): Tally {
  return { images: 0, reopened: 0, commits: 0, faults: [] };
}

/** One image, drawn. */
export async function drawImage(recording: Recording, random: Random, tally: Tally): Promise<void> {
  const cut = drawCut(recording.events, random);
  await tryImage(recording, cut, random.pick(LUCKS), random, tally);
}

/** Anywhere; often beside a change of names or a sync, and just after an answer. */
function drawCut(events: readonly Event[], random: Random): number {
  const kind = random.pick(["any", "names", "mark"]);
  const wanted = events.flatMap((event, at) => {
    const isMark = event.op === "mark";
    const isName = !isMark && event.op !== "write";
    return kind === "any" || (kind === "mark" ? isMark : isName) ? [at] : [];
  });
  const near = kind === "names" ? random.int(-1, 2) : 1;
  return Math.min(events.length, Math.max(0, random.pick(wanted) + near));
}

/** The state that this luck leaves of the events before `cut`. */
export async function tryImage(
  { events, commits }: Recording,
  cut: number,
  luck: Luck,
  random: Random,
  tally: Tally,
): Promise<void> {
  const at = commitsAt(events, cut);
  const place = temporary("crash-image");
  writeImage(diskAt(events, cut), luck, random, place);
  tally.images++;
  const options = random.chance(0.5) ? { write_buffer_bytes: WRITE_BUFFER_BYTES } : {};
  try {
    const faults = await judge(place, commits, at, options);
    tally.reopened++;
    tally.commits += at.begun;
    tally.faults.push(...faults.map((fault) => `${fault} (cut at ${cut}, ${luck})`));
  } catch (error) {
    const { message, cause } = error as Error;
    tally.faults.push(`[I1] does not open (cut at ${cut}, ${luck}): ${message} ${String(cause)}`);
  }
  rmSync(place, { recursive: true, force: true });
}
