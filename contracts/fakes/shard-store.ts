/** An in-memory `ShardStore`, with switches for the failures that a disk has. */
import type { Entry, Range, ShardStore } from "@damso/core/ports/store";
import type { KeyOf, Put, RowOf, TableName } from "@damso/core/tables";

type Row = { key: readonly (string | number)[]; json: string };

export type FakeStore = ShardStore & {
  /** From now on commits reject; `landed`: the first of them is applied all the same. */
  fail(landed: boolean): void;
  /** Commits wait until `release`. */
  hold(): void;
  release(): void;
  commits(): number;
  /** Every row as text, for comparing two stores. */
  dump(): string;
};

export const idOf = (table: TableName, key: readonly (string | number)[]): string =>
  JSON.stringify([table, ...key]);

export function compare(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i] as string | number, b[i] as string | number];
    if (x !== y) return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

export function within(key: readonly (string | number)[], range: Range): boolean {
  if (range.prefix.some((part, i) => key[i] !== part)) return false;
  const next = key[range.prefix.length];
  if (range.from !== undefined && (next === undefined || next < range.from)) return false;
  return range.to === undefined || (next !== undefined && next <= range.to);
}

export function createFakeStore(): FakeStore {
  const rows = new Map<string, { table: TableName } & Row>();
  let failing: "no" | "landed" | "lost" = "no";
  let held: Promise<void> | undefined;
  let release = (): void => {};
  let commits = 0;

  function apply(puts: readonly Put[]): void {
    for (const { table, key, row, json } of puts) {
      const id = idOf(table, key);
      if (row === null) rows.delete(id);
      else rows.set(id, { table, key, json: json ?? JSON.stringify(row) });
    }
  }

  const parse = <T extends TableName>(json: string): RowOf<T> => JSON.parse(json) as RowOf<T>;

  return {
    async commit(puts) {
      commits++;
      // Encoded now: a row that its owner changes later must not change what was committed.
      const copy = puts.map((put) =>
        put.row ? { ...put, json: put.json ?? JSON.stringify(put.row) } : put,
      );
      await (held ?? Promise.resolve());
      if (failing === "no") return apply(copy);
      if (failing === "landed") apply(copy);
      failing = "lost";
      throw new Error("the disk failed");
    },
    async get<T extends TableName>(table: T, key: KeyOf<T>) {
      const row = rows.get(idOf(table, key));
      return row && parse<T>(row.json);
    },
    async many<T extends TableName>(table: T, keys: readonly KeyOf<T>[]) {
      return keys.map((key) => rows.get(idOf(table, key))).map((row) => row && parse<T>(row.json));
    },
    async range<T extends TableName>(table: T, range: Range) {
      const found = [...rows.values()].filter(
        (row) => row.table === table && within(row.key, range),
      );
      found.sort((a, b) => compare(a.key, b.key) * (range.reverse ? -1 : 1));
      return found
        .slice(0, range.limit)
        .map(({ key, json }) => ({ key, row: parse<T>(json) }) as unknown as Entry<T>);
    },
    async recover() {
      failing = "no";
    },
    async close() {},
    fail(landed) {
      failing = landed ? "landed" : "lost";
    },
    hold() {
      held ??= new Promise((resolve) => (release = resolve));
    },
    release() {
      release();
      held = undefined;
    },
    commits: () => commits,
    dump: () =>
      [...rows.values()]
        .map(({ table, key, json }) => `${table} ${key.join("/")} ${json}`)
        .sort()
        .join("\n"),
  };
}
