/**
 * A store whose power goes away: what LevelDB wrote and synced under a real shard is recorded, states that a disk may be
 * in afterwards are made of it (`tools/images/disk.testing.ts` says which), and each is opened again.
 * `DAMSO_IMAGES_COUNT` and `DAMSO_IMAGES_SEED` choose how many and which: `npm run crash:images`.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createTally, drawImage, record, SESSIONS, tryImage } from "../images/run.testing.ts";
import type { Recording, Tally } from "../images/run.testing.ts";
import { compileShim } from "../images/shim.testing.ts";
import type { Event } from "../images/trace.testing.ts";
import { countOf, createRandom, seedOf } from "../rig/random.testing.ts";
import { endRig } from "../rig/server.ts";

const HOUR = 3_600_000;
const IMAGES = countOf("DAMSO_IMAGES_COUNT", 60);
const FAULTS_SHOWN = 20;
const FIRST_COMMITS = 4;

const seed = seedOf("DAMSO_IMAGES_SEED");
const shim = await compileShim();
if (shim === undefined) console.log("No C compiler, or no Linux: crash images are not made.");

describe.skipIf(shim === undefined)("crash images", () => {
  let recording: Recording;
  beforeAll(() => {
    recording = record(shim ?? "", seed);
  });
  afterAll(endRig);

  test(
    "[I1][I4][I7][I10][I13][I24][S2] whatever a power loss leaves of unsynced writes, every acknowledged commit is whole, and the store goes on",
    async () => {
      const random = createRandom(seed);
      const tally = createTally();
      while (tally.images < IMAGES) await drawImage(recording, random, tally);
      print(tally);
      expect(tally.faults.slice(0, FAULTS_SHOWN)).toEqual([]);
      // So that a pass means something: files changed hands, and commits were there to be lost.
      const changes = recording.events.filter(({ op }) => op === "rename" || op === "unlink");
      expect(changes.length).toBeGreaterThan(10);
      expect(tally.commits).toBeGreaterThan(IMAGES);
    },
    24 * HOUR,
  );

  test("[I1][S2] the names of a store are synced before its first commit of each start is acknowledged", async () => {
    const tally = createTally();
    for (const cut of firstCommits(recording.events)) {
      await tryImage(recording, cut, "nothing", createRandom(seed), tally);
    }
    expect(tally.faults).toEqual([]);
    expect(tally.reopened).toBe(SESSIONS * FIRST_COMMITS);
  });

  test("[I1][S2] images show a store that acknowledges before it has synced", async () => {
    const isLog = (event: Event): boolean =>
      (event.op === "sync" || event.op === "synced") && event.path.endsWith(".log");
    const forgetful = { ...recording, events: recording.events.filter((one) => !isLog(one)) };
    const random = createRandom(seed);
    const tally = createTally();
    while (tally.images < 15) await drawImage(forgetful, random, tally);
    expect(tally.faults.join("\n")).toContain("[I1] ");
  });
});

/** Just after the first acknowledgements of each start, which begins with a new manifest. */
function firstCommits(events: readonly Event[]): number[] {
  const starts = events.flatMap((event, at) => (event.op === "rename" ? [at] : []));
  const acknowledged = events.flatMap((event, at) =>
    event.op === "mark" && event.number % 2 === 1 ? [at + 1] : [],
  );
  return starts
    .slice(-SESSIONS)
    .flatMap((start) => acknowledged.filter((at) => at > start).slice(0, FIRST_COMMITS));
}

function print({ images, reopened, commits, faults }: Tally): void {
  const figures = { images, reopened, "commits checked": commits, violations: faults.length, seed };
  for (const [name, value] of Object.entries(figures)) {
    console.log(`${name.padEnd(20)} ${String(value).padStart(12)}`);
  }
  if (faults.length > 0) console.log(faults.slice(0, FAULTS_SHOWN).join("\n"));
}
