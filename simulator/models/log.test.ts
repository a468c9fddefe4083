import { expect, test } from "bun:test";
import { logContract, logFaultContract } from "@damso/contracts/log";
import type { FaultyLog, LogFault } from "@damso/contracts/log";
import { encodeCommit, encodeFence, rowsOf } from "@damso/core/log/record";
import type { Put } from "@damso/core/tables";
import { small, unsurprising } from "./engines.testing.ts";
import { createLogs, reachLog, TRUSTY } from "./log.ts";
import { createRows } from "./rows.ts";

function open(): Promise<FaultyLog> {
  const world = small();
  const logs = createLogs(1);
  const random = unsurprising(world.random);
  const engines = { ...world, random, truth: createRows(), witness: undefined as never };
  // The records of the contract are any texts.
  const log = world.driven(reachLog(engines, logs, 0, world.host, () => {}));
  return Promise.resolve({
    log: {
      ...log,
      append(text, expected_last, signal) {
        const appended = log.append(text, expected_last, signal);
        // The fault is the one append's.
        logs.faults = TRUSTY;
        return appended;
      },
    },
    faults: {
      fail: (fault: LogFault) => void (logs.faults = { ...TRUSTY, [fault]: 1 }),
      arrive: () => world.scheduler.run(world.scheduler.now() + 10_000),
    },
    close: () => Promise.resolve(),
  });
}

logContract("the model", open);
logFaultContract("the model", open);

test("[I3] rows are told as committed when they are in the log, also when their writer is dead by then", async () => {
  const world = small();
  const truth = createRows();
  const committed: (readonly Put[])[] = [];
  const witness = { committed: (_shard: number, puts: readonly Put[]) => committed.push(puts) };
  const engines = { ...world, truth, witness: witness as never };
  const log = reachLog(engines, createLogs(1), 0, world.host);
  const put: Put = { table: "bodies", key: ["g1" as never, 1], row: { body: "one" } };
  await world.driven(log).append(encodeFence("n1"), 0);
  expect(committed).toEqual([]);
  let answered = false;
  void log.append(encodeCommit("n1", 1, rowsOf([put])), 1).then(() => (answered = true));
  expect(truth.size()).toBe(0);
  world.host.alive = false;
  await world.elapse(1000);
  expect(committed).toEqual([[put]]);
  expect(truth.get("bodies", ["g1" as never, 1])).toEqual({ body: "one" });
  expect(answered).toBe(false);
});
