/**
 * The table of a cluster, as a service on the network: a write that timed out may be there whole, in part, not at all, or
 * come later. The highest stamp of a row wins, whenever it comes.
 */
import type { Signal } from "@damso/core/ports/signal";
import type { Stamped, Table } from "@damso/core/ports/table";
import type { KeyOf, TableName } from "@damso/core/tables";
import type { Host } from "../kernel/host.ts";
import { createRows, textOf } from "./rows.ts";
import type { Rows } from "./rows.ts";
import { callEngine } from "./service.ts";
import type { CallFaults, CallOptions, EngineWorld } from "./service.ts";

export type TableFaults = CallFaults & {
  /** Of writes: only some of the rows get there, and there is no answer. */
  partial: number;
  away: boolean;
};

export const STEADY: TableFaults = { lost: 0, late: 0, unanswered: 0, partial: 0, away: false };

export type TableService = {
  rows: Rows;
  stamps: Map<string, { stamp: number; text: string | null }>;
  faults: TableFaults;
};

/** Empty and well. */
export function createTable(): TableService {
  return { rows: createRows(), stamps: new Map(), faults: STEADY };
}

/** The table as one life of a server reaches it. */
export function reachTable(world: EngineWorld, service: TableService, host: Host): Table {
  const { random, tally } = world;
  const faults = (): CallFaults => service.faults;
  const call = <T>(label: string, run: () => T, options: Partial<CallOptions>): Promise<T> =>
    callEngine(world, host, "table", label, () => answering(service, run), { faults, ...options });
  return {
    write(rows, signal) {
      const written = rows.map((row) => ({ ...row, text: textOf(row.put) }));
      const { partial } = service.faults;
      if (partial === 0 || !random.chance(partial))
        return call("write", () => apply(service, written), { late: true, signal });
      tally.fault("write applied in part");
      const inPart = (): never => {
        const some = written.filter(() => random.chance(0.5));
        apply(service, some);
        throw new Error("write timed out");
      };
      return call("write", inPart, { signal });
    },
    get: (table, key, signal) => call("get", () => service.rows.get(table, key), { signal }),
    many: <T extends TableName>(table: T, keys: readonly KeyOf<T>[], signal?: Signal) =>
      call("many", () => keys.map((key) => service.rows.get(table, key)), { signal }),
    range: (table, range, signal) =>
      call("range", () => service.rows.range(table, range), { signal }),
  };
}

function answering<T>({ faults }: TableService, run: () => T): T {
  if (faults.away) throw new Error("the table is unavailable");
  return run();
}

type Written = Stamped & { text: string | null };

/** A write lands: of each row the higher stamp stays. */
export function apply(service: TableService, rows: readonly Written[]): void {
  for (const { put, stamp, text } of rows) {
    const id = `${put.table}/${put.key.join("/")}`;
    const known = service.stamps.get(id);
    if (known && !wins({ stamp, text }, known)) continue;
    service.stamps.set(id, { stamp, text });
    service.rows.put(put, text);
  }
}

type Cell = { stamp: number; text: string | null };

/** Of two writes with one stamp a deletion wins, else the greater text: as Cassandra has it. */
function wins(a: Cell, b: Cell): boolean {
  if (a.stamp !== b.stamp) return a.stamp > b.stamp;
  if (a.text === null || b.text === null) return a.text === null;
  return a.text > b.text;
}
