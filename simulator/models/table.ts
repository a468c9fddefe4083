/**
 * The table of a cluster, as a service on the network: a write that timed out may be there whole, in part, not at all, or
 * come later; what of it only some copies have, one read sees and the next does not. The highest stamp of a row wins,
 * whenever it comes.
 */
import type { Signal } from "@damso/core/ports/signal";
import type { Stamped, Table } from "@damso/core/ports/table";
import type { KeyOf, Put, TableName } from "@damso/core/tables";
import type { Host } from "../kernel/host.ts";
import { createRows, textOf } from "./rows.ts";
import type { Rows } from "./rows.ts";
import { callEngine } from "./service.ts";
import type { CallFaults, CallOptions, EngineWorld } from "./service.ts";

export type TableFaults = CallFaults & {
  /** Of writes: only some of the rows get there, some of them to a few copies only, and there is no answer. */
  partial: number;
  away: boolean;
};

export const STEADY: TableFaults = { lost: 0, late: 0, unanswered: 0, partial: 0, away: false };

export type TableService = {
  rows: Rows;
  stamps: Map<string, Cell>;
  /** What a row was before a write that not all copies have. */
  unsettled: Map<string, { put: Put; older: Cell }>;
  faults: TableFaults;
};

/** Empty and well. */
export function createTable(): TableService {
  return { rows: createRows(), stamps: new Map(), unsettled: new Map(), faults: STEADY };
}

/** The table as one life of a server reaches it. */
export function reachTable(world: EngineWorld, service: TableService, host: Host): Table {
  const { random, tally } = world;
  const faults = (): CallFaults => service.faults;
  const call = <T>(label: string, run: () => T, options: Partial<CallOptions>): Promise<T> =>
    callEngine(world, host, "table", label, () => answering(service, run), { faults, ...options });
  const read = <T>(label: string, table: TableName, look: (rows: Rows) => T, signal?: Signal) =>
    call(label, () => seen(world, service, table, look), { signal });
  return {
    write(rows, signal) {
      const written = rows.map((row) => ({ ...row, text: textOf(row.put) }));
      const { partial } = service.faults;
      if (partial === 0 || !random.chance(partial))
        return call("write", () => apply(service, written), { late: true, signal });
      tally.fault("write applied in part");
      const inPart = (): never => {
        const there = new Set(written.filter(() => random.chance(0.5)));
        const rest = written.filter((row) => !there.has(row));
        apply(service, [...there]);
        applySomewhere(
          service,
          rest.filter(() => random.chance(0.6)),
        );
        throw new Error("write timed out");
      };
      return call("write", inPart, { signal });
    },
    get: (table, key, signal) => read("get", table, (rows) => rows.get(table, key), signal),
    many: <T extends TableName>(table: T, keys: readonly KeyOf<T>[], signal?: Signal) =>
      read("many", table, (rows) => keys.map((key) => rows.get(table, key)), signal),
    range: (table, range, signal) =>
      read("range", table, (rows) => rows.range(table, range), signal),
  };
}

function answering<T>({ faults }: TableService, run: () => T): T {
  if (faults.away) throw new Error("the table is unavailable");
  return run();
}

type Written = Stamped & { text: string | null };

const idOf = ({ table, key }: Put): string => `${table}/${key.join("/")}`;

/** A write lands: of each row the higher stamp stays. What the same write had left on a few copies is on all now. */
export function apply(service: TableService, rows: readonly Written[]): void {
  for (const { put, stamp, text } of rows) {
    const id = idOf(put);
    const known = service.stamps.get(id);
    if (known && stamp >= known.stamp) service.unsettled.delete(id);
    if (known && !wins({ stamp, text }, known)) continue;
    service.stamps.set(id, { stamp, text });
    service.rows.put(put, text);
  }
}

/** A write lands on too few copies: reads see it or what was before. */
function applySomewhere(service: TableService, rows: readonly Written[]): void {
  for (const written of rows) {
    const { put } = written;
    const id = idOf(put);
    const known = service.stamps.get(id);
    if (known && !wins(written, known)) continue;
    const before = service.unsettled.get(id);
    const older = before?.older ?? known ?? { stamp: 0, text: null };
    apply(service, [written]);
    service.unsettled.set(id, { put, older });
  }
}

/** What a read finds: of each row that is not settled either state. */
function seen<T>(
  { random, tally }: EngineWorld,
  { rows, stamps, unsettled }: TableService,
  table: TableName,
  look: (rows: Rows) => T,
): T {
  const stale = [...unsettled].filter(([, { put }]) => put.table === table && random.chance(0.5));
  const settled = look(rows);
  if (stale.length === 0) return settled;
  for (const [, { put, older }] of stale) rows.put(put, older.text);
  const found = look(rows);
  for (const [id, { put }] of stale) rows.put(put, stamps.get(id)?.text ?? null);
  if (JSON.stringify(found) !== JSON.stringify(settled)) tally.fault("stale read");
  return found;
}

/** The copies come together: each row as the last write has it, or as it was before, which the writer did not hear of. */
export function settleAll({ random }: Pick<EngineWorld, "random">, service: TableService): void {
  const { rows, stamps, unsettled } = service;
  for (const [id, { put, older }] of unsettled) {
    if (random.chance(0.5)) continue;
    rows.put(put, older.text);
    stamps.set(id, older);
  }
  unsettled.clear();
}

type Cell = { stamp: number; text: string | null };

/** Of two writes with one stamp a deletion wins, else the greater text: as Cassandra has it. */
function wins(a: Cell, b: Cell): boolean {
  if (a.stamp !== b.stamp) return a.stamp > b.stamp;
  if (a.text === null || b.text === null) return a.text === null;
  return a.text > b.text;
}
