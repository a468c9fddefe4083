/** An in-memory `Table`, with the ways in which a write goes wrong. */
import type { Entry } from "@damso/core/ports/store";
import type { Stamped, Table } from "@damso/core/ports/table";
import type { KeyOf, RowOf, TableName } from "@damso/core/tables";
import type { TableFault } from "../table.ts";
import { compare, idOf, within } from "./shard-store.ts";

type Cell = {
  table: TableName;
  key: readonly (string | number)[];
  json: string | null;
  stamp: number;
};

export type FakeTable = Table & {
  /** Of the next write that has none yet; several wait in a row. */
  fail(fault: TableFault): void;
  /** Writes that are late are done now. */
  arrive(): void;
  /** Every row as text, for comparing two tables. */
  dump(): string;
};

/** The two in the order of time: which of them counts, whichever came first. */
function wins(a: Cell, b: Cell): boolean {
  if (a.stamp !== b.stamp) return a.stamp > b.stamp;
  if (a.json === null || b.json === null) return a.json === null;
  return a.json > b.json;
}

export function createFakeTable(): FakeTable {
  const cells = new Map<string, Cell>();
  const faults: TableFault[] = [];
  const late: (() => void)[] = [];

  function apply(rows: readonly Cell[]): void {
    for (const cell of rows) {
      const id = idOf(cell.table, cell.key);
      const before = cells.get(id);
      if (!before || wins(cell, before)) cells.set(id, cell);
    }
  }

  function fail(fault: TableFault, rows: readonly Cell[]): never {
    if (fault === "unanswered") apply(rows);
    if (fault === "part") apply(rows.slice(0, 1));
    if (fault === "late") late.push(() => apply(rows));
    throw new Error(`the write was ${fault}`);
  }

  const parse = <T extends TableName>(cell: Cell | undefined): RowOf<T> | undefined =>
    cell === undefined || cell.json === null ? undefined : (JSON.parse(cell.json) as RowOf<T>);

  return {
    async write(rows, signal) {
      signal?.throwIfAborted();
      const written = rows.map(toCell);
      const partitions = new Set(written.map(({ table, key }) => idOf(table, key.slice(0, 1))));
      if (partitions.size > 1) throw new Error("a write has rows of one partition");
      const fault = faults.shift();
      if (fault === undefined) apply(written);
      else fail(fault, written);
    },
    async get<T extends TableName>(table: T, key: KeyOf<T>, signal?: Parameters<Table["get"]>[2]) {
      signal?.throwIfAborted();
      return parse<T>(cells.get(idOf(table, key)));
    },
    async many<T extends TableName>(table: T, keys: readonly KeyOf<T>[]) {
      return keys.map((key) => parse<T>(cells.get(idOf(table, key))));
    },
    async range(table, range) {
      return [...cells.values()]
        .filter((cell) => cell.json !== null && cell.table === table && within(cell.key, range))
        .sort((a, b) => compare(a.key, b.key) * (range.reverse ? -1 : 1))
        .slice(0, range.limit)
        .map((cell) => ({ key: cell.key, row: parse(cell) }) as unknown as Entry<typeof table>);
    },
    fail: (fault) => void faults.push(fault),
    arrive: () => late.splice(0).forEach((run) => run()),
    dump: () =>
      [...cells.values()]
        .filter(({ json }) => json !== null)
        .map(({ table, key, json }) => `${table} ${key.join("/")} ${json}`)
        .sort()
        .join("\n"),
  };
}

function toCell({ put, stamp }: Stamped): Cell {
  const { table, key, row, json } = put;
  return { table, key, json: row === null ? null : (json ?? JSON.stringify(row)), stamp };
}
