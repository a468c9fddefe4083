/**
 * Owners of one shard that come, commit, flush and are replaced while log and table go wrong, against a plain map of what
 * the log says.
 */
import { expect, test } from "bun:test";
import fc from "fast-check";
import type { LogFault } from "@damso/contracts/log";
import type { TableFault } from "@damso/contracts/table";
import { CHANNEL, bodiesOf, body, logScene, outcome } from "./scene.testing.ts";
import type { LogScene } from "./scene.testing.ts";
import { decodeRecord } from "./record.ts";
import type { LogStore } from "./store.ts";

type Step =
  | { do: "commit"; seqs: number[]; deletes: number[]; owner: number; fault: LogFault | null }
  | { do: "flush"; owner: number; faults: TableFault[] }
  | { do: "takeover"; fault: LogFault | null }
  | { do: "arrive" };

const logFault = fc.option(fc.constantFrom<LogFault>("lost", "unanswered", "late"));
const seqs = fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 4 });
/** 0: the newest owner; else one that was replaced. */
const owner = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat({ max: 3 }));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("commit" as const),
      seqs,
      deletes: seqs,
      owner,
      fault: logFault,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("flush" as const),
      owner,
      faults: fc.array(fc.constantFrom<TableFault>("lost", "part", "unanswered", "late"), {
        maxLength: 2,
      }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("takeover" as const), fault: logFault }) },
  { weight: 1, arbitrary: fc.constant({ do: "arrive" as const }) },
);

/** What the log says: every record that was ever appended, in order. */
function model({ log }: LogScene): [number, string][] {
  const rows = new Map<number, string>();
  for (const { seq, text } of log.history()) {
    for (const { key, json } of decodeRecord(seq, text)) {
      if (json === null) rows.delete(key[1] as number);
      else rows.set(key[1] as number, (JSON.parse(json) as { body: string }).body);
    }
  }
  return [...rows].sort(([a], [b]) => a - b);
}

type Run = { scene: LogScene; stores: LogStore[]; answered: string[]; refused: string[] };

async function commit(run: Run, at: Extract<Step, { do: "commit" }>, mark: string): Promise<void> {
  const { scene, stores } = run;
  const store = stores.at(-1 - (at.owner % stores.length)) as LogStore;
  const newest = store === stores.at(-1);
  if (at.fault) scene.log.fail(at.fault);
  // One row of its own, by which the record is known.
  const puts = [
    body(100, mark),
    ...at.seqs.map((seq) => body(seq, `${mark} ${seq}`)),
    ...at.deletes.map((seq) => body(seq, null)),
  ];
  const ended = await outcome(store.commit(puts));
  expect(ended).toBe(newest ? "ok" : "fenced");
  (newest ? run.answered : run.refused).push(mark);
}

async function take(run: Run, step: Step, mark: string): Promise<void> {
  const { scene, stores } = run;
  switch (step.do) {
    case "commit":
      return await commit(run, step, mark);
    case "flush":
      for (const fault of step.faults) scene.table.fail(fault);
      return await (stores.at(-1 - (step.owner % stores.length)) as LogStore).flush();
    case "takeover":
      if (step.fault) scene.log.fail(step.fault);
      stores.push(await scene.open());
      return undefined;
    case "arrive":
      scene.log.arrive();
      return scene.table.arrive();
  }
}

/** How often the mark of a commit is in the log. */
function times({ log }: LogScene, mark: string): number {
  return log.history().filter(({ text }) => text.includes(`{"body":"${mark}"}`)).length;
}

async function check(run: Run): Promise<void> {
  const { scene, stores } = run;
  const truth = model(scene);
  const newest = stores.at(-1) as LogStore;
  expect(await bodiesOf(newest)).toEqual(truth);
  expect(await bodiesOf(newest, { limit: 3, reverse: true })).toEqual(truth.slice(-3).reverse());
  const keys = truth.map(([seq]) => [CHANNEL, seq] as const);
  const rows = await newest.many("bodies", keys);
  expect(rows.map((row) => row?.body)).toEqual(truth.map(([, text]) => text));
}

test("[I1][I4][I13][I22][S13][S15] whatever goes wrong, an owner reads what the log says, and the table ends up with it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const scene = logScene();
      const run: Run = { scene, stores: [await scene.open()], answered: [], refused: [] };
      for (const [i, each] of steps.entries()) {
        await take(run, each, `m${i}`);
        await check(run);
      }
      scene.log.arrive();
      scene.table.arrive();
      for (const mark of run.answered) expect(times(scene, mark)).toBe(1);
      for (const mark of run.refused) expect(times(scene, mark)).toBe(0);
      // Faults that no step has used up are over after a few tries.
      for (let tries = 0; tries < 70; tries++) await run.stores.at(-1)?.flush();
      run.stores.push(await scene.open());
      await check(run);
      await run.stores.at(-1)?.flush();
      expect(await bodiesOf(scene.table)).toEqual(model(scene));
      expect(scene.told.filter((each) => each.startsWith("alarmed"))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
