import { tableContract, tableFaultContract } from "@damso/contracts/table";
import type { FaultyTable, TableFault } from "@damso/contracts/table";
import { small, unsurprising } from "./engines.testing.ts";
import { createTable, reachTable, STEADY } from "./table.ts";
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
