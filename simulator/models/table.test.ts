import { expect, test } from "bun:test";
import type { Stamped } from "@damso/core/ports/table";
import type { Put } from "@damso/core/tables";
import type { ChannelId } from "@damso/protocol/ids";
import { tableContract, tableFaultContract } from "@damso/contracts/table";
import type { FaultyTable, TableFault } from "@damso/contracts/table";
import { small, unsurprising } from "./engines.testing.ts";
import { apply, createTable, reachTable, settleAll, STEADY } from "./table.ts";
import type { TableFaults } from "./table.ts";

const FAULTS: Record<TableFault, Partial<TableFaults>> = {
  lost: { lost: 1 },
  part: { partial: 1 },
  unanswered: { unanswered: 1 },
  late: { late: 1 },
};

function open(): Promise<FaultyTable> {
  const world = small();
  const service = createTable();
  const reached = reachTable({ ...world, random: unsurprising(world.random) }, service, world.host);
  const table = world.driven(reached);
  return Promise.resolve({
    table: {
      ...table,
      write(rows, signal) {
        const written = table.write(rows, signal);
        // The fault is the one write's.
        service.faults = STEADY;
        return written;
      },
    },
    faults: {
      fail: (fault) => void (service.faults = { ...STEADY, ...FAULTS[fault] }),
      arrive: () => world.scheduler.run(world.scheduler.now() + 10_000),
    },
    close: () => Promise.resolve(),
  });
}

tableContract("the model", open);
tableFaultContract("the model", open);

test("[S14] what a write left on a few copies one read sees and another does not, until it is written again", async () => {
  const world = small();
  const service = createTable();
  const table = world.driven(reachTable(world, service, world.host));
  const row = (body: string, stamp: number): Stamped => ({
    put: { table: "bodies", key: ["g1" as ChannelId, 1], row: { body } },
    stamp,
  });
  const seen = async (): Promise<Set<string | undefined>> => {
    const bodies = new Set<string | undefined>();
    for (let times = 0; times < 40; times++)
      bodies.add((await table.get("bodies", ["g1" as ChannelId, 1]))?.body);
    return bodies;
  };
  await table.write([row("old", 1)]);
  service.faults = { ...STEADY, partial: 1 };
  // A try may come to all copies, or to none.
  let stamp = 1;
  while (service.unsettled.size === 0)
    await table.write([row(`try ${++stamp}`, stamp)]).catch(() => {});
  service.faults = STEADY;
  const both = await seen();
  expect([both.size, both.has(`try ${stamp}`)]).toEqual([2, true]);
  expect(world.tally.faults()["stale read"]).toBeGreaterThan(0);
  await table.write([row("last", stamp + 1)]);
  expect(await seen()).toEqual(new Set(["last"]));
});

test("[S14] a row that is not settled is settled as it was or as it is, and older writes lose against either", async () => {
  const world = small();
  const put = (n: number, body: string): Put => ({
    table: "bodies",
    key: ["g1" as ChannelId, n],
    row: { body },
  });
  const service = createTable();
  const many = Array.from({ length: 40 }, (_, n) => n);
  const cell = (text: string, stamp: number) => ({ text: JSON.stringify({ body: text }), stamp });
  for (const n of many) {
    apply(service, [{ put: put(n, "old"), ...cell("old", 5) }]);
    apply(service, [{ put: put(n, "new"), ...cell("new", 6) }]);
    service.unsettled.set(`bodies/g1/${n}`, { put: put(n, "new"), older: cell("old", 5) });
  }
  settleAll(world, service);
  const bodies = many.map((n) => service.rows.get("bodies", ["g1" as ChannelId, n])?.body);
  expect(new Set(bodies)).toEqual(new Set(["old", "new"]));
  for (const n of many) apply(service, [{ put: put(n, "late"), ...cell("late", 4) }]);
  expect(many.map((n) => service.rows.get("bodies", ["g1" as ChannelId, n])?.body)).toEqual(bodies);
});
