/**
 * Everything that can happen to a server on one machine, drawn cycle by cycle, with clients that live through it: see
 * `tools/rig/mixed/`. `DAMSO_CRASH_CYCLES` and `DAMSO_CRASH_SEED` choose how often and what.
 */
import { afterAll, expect, test } from "bun:test";
import { checkHistory } from "../history/check.ts";
import { toEdn } from "../history/export.ts";
import { drawFault } from "../rig/mixed/faults.testing.ts";
import { toHistory } from "../rig/mixed/history.testing.ts";
import { judge } from "../rig/mixed/judge.testing.ts";
import { reportOf } from "../rig/mixed/report.testing.ts";
import { createWorld } from "../rig/mixed/world.testing.ts";
import type { World } from "../rig/mixed/world.testing.ts";
import { countOf, seedOf } from "../rig/random.testing.ts";
import { endRig, killServers } from "../rig/server.ts";

type History = NonNullable<World["history"]>;

const DAY = 24 * 3_600_000;
const CYCLES = countOf("DAMSO_CRASH_CYCLES", 16);
/** From here on a run is not kept in memory as a history, unless one is asked for. */
const LONG = 200;
/** On average before something happens: a long run has to come to a million. */
const SENDS = CYCLES < LONG ? 300 : 1150;
/** Where to write the history of the run, as EDN. */
const HISTORY = process.env["DAMSO_CRASH_HISTORY"];
/** Often enough that what is not checked yet stays small. */
const CHECK_EVERY = 20;

afterAll(endRig);

async function cycles(world: World): Promise<void> {
  for (let at = 1; at <= CYCLES; at++) {
    try {
      await drawFault(world);
      if (at % CHECK_EVERY === 0 || at === CYCLES) await judge(world, at === CYCLES);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`seed ${world.seed}, cycle ${at}: ${reason}`, { cause: error });
    }
    if (at % CHECK_EVERY === 0) {
      console.log(`cycle ${at}: ${world.cast.journal.counts.acknowledged} acknowledged`);
    }
    if (world.faults.length > 0) return;
  }
}

/** The same run, judged by a checker that knows nothing of chats. */
async function expectGoodHistory({ sends, reads }: History): Promise<void> {
  const events = toHistory(sends, reads);
  if (HISTORY !== undefined) await Bun.write(HISTORY, toEdn(events));
  const { transactions, anomalies } = checkHistory(events);
  console.log(`${transactions} transactions, ${anomalies.length} anomalies`);
  expect(anomalies).toEqual([]);
  expect(transactions).toBeGreaterThan(sends.length);
}

test(
  "[I1][I3][I4][I5][I6][I7][I10][I15][I16][I22][S2][S11] through kills, halts, drains, full disks and lost connections nothing is lost, doubled or reordered",
  async () => {
    const recorded = CYCLES < LONG || HISTORY !== undefined;
    const world = await createWorld(seedOf("DAMSO_CRASH_SEED"), CYCLES, SENDS, recorded);
    const since = performance.now();
    try {
      await cycles(world);
    } finally {
      console.log(reportOf(world, (performance.now() - since) / 1000));
      await killServers();
      world.mounted?.end();
    }
    expect(world.faults).toEqual([]);
    if (world.history) await expectGoodHistory(world.history);
    // So that a pass means something: there was load, and moments were hit.
    const { acknowledged, retried } = world.cast.journal.counts;
    expect(acknowledged).toBeGreaterThan(CYCLES * 100);
    expect(retried).toBeGreaterThan(CYCLES / 2);
  },
  DAY,
);
