/** Rows as text, in the order of their keys: what is on a disk or in a table, whoever writes it. */
import type { Entry, Range } from "@damso/core/ports/store";
import type { KeyOf, Put, RowOf, TableName } from "@damso/core/tables";

export type Key = readonly (string | number)[];
type Part = { keys: Key[]; texts: Map<string, string>; sorted: boolean };

export type Rows = {
  put(put: Put, text: string | null): void;
  text(table: TableName, key: Key): string | undefined;
  get<T extends TableName>(table: T, key: KeyOf<T>): RowOf<T> | undefined;
  range<T extends TableName>(table: T, range: Range): Entry<T>[];
  /** Everything, as puts. */
  all(): Put[];
  copy(): Rows;
  size(): number;
};

export const textOf = (put: Put): string | null =>
  put.row === null ? null : (put.json ?? JSON.stringify(put.row));

/** Columns that a range must name: the partition. Tables that are scanned whole have theirs in the first column too. */
const partOf = (table: TableName, key: Key): string => `${table}/${key[0]}`;
const idOf = (key: Key): string => key.join("/");

function compare(a: Key, b: Key): number {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as string | number, b[i] as string | number];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

function within(key: Key, range: Range): boolean {
  for (let i = 0; i < range.prefix.length; i++) if (key[i] !== range.prefix[i]) return false;
  const next = key[range.prefix.length] as string | number;
  return (
    (range.from === undefined || next >= range.from) && (range.to === undefined || next <= range.to)
  );
}

/** The first place whose key is not before the bound. */
function lowerBound(keys: readonly Key[], bound: Key): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const key = (keys[middle] as Key).slice(0, bound.length);
    if (compare(key, bound) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function createRows(): Rows {
  const parts = new Map<string, Part>();
  const tables = new Map<string, TableName>();
  let size = 0;

  function put({ table, key }: Put, text: string | null): void {
    const name = partOf(table, key);
    let part = parts.get(name);
    if (!part) {
      if (text === null) return;
      parts.set(name, (part = { keys: [], texts: new Map(), sorted: true }));
      tables.set(name, table);
    }
    const id = idOf(key);
    const known = part.texts.has(id);
    if (text === null) return known ? remove(part, key, id) : undefined;
    part.texts.set(id, text);
    if (known) return;
    size++;
    const last = part.keys.at(-1);
    if (last && compare(last, key) > 0) part.sorted = false;
    part.keys.push(key);
  }

  function remove(part: Part, key: Key, id: string): void {
    part.texts.delete(id);
    size--;
    sort(part);
    const at = lowerBound(part.keys, key);
    part.keys.splice(at, 1);
  }

  function sort(part: Part): void {
    if (!part.sorted) part.keys.sort(compare);
    part.sorted = true;
  }

  function* matching(range: Range, part: Part): Iterable<Key> {
    sort(part);
    const { keys } = part;
    if (!range.reverse) {
      const from = range.from === undefined ? range.prefix : [...range.prefix, range.from];
      for (let at = lowerBound(keys, from); at < keys.length; at++) {
        const key = keys[at] as Key;
        if (!within(key, range)) return;
        yield key;
      }
      return;
    }
    for (let at = keys.length - 1; at >= 0; at--) {
      const key = keys[at] as Key;
      if (within(key, range)) yield key;
      else if (compare(key.slice(0, range.prefix.length), range.prefix) < 0) return;
    }
  }

  return {
    put,
    text: (table, key) => parts.get(partOf(table, key))?.texts.get(idOf(key)),
    get<T extends TableName>(table: T, key: KeyOf<T>) {
      const text = parts.get(partOf(table, key))?.texts.get(idOf(key));
      return text === undefined ? undefined : (JSON.parse(text) as RowOf<T>);
    },
    range<T extends TableName>(table: T, range: Range) {
      const part = parts.get(`${table}/${range.prefix[0]}`);
      const found: Entry<T>[] = [];
      if (!part) return found;
      for (const key of matching(range, part)) {
        if (found.length === range.limit) break;
        const row = JSON.parse(part.texts.get(idOf(key)) as string) as RowOf<T>;
        found.push({ key: key as unknown as KeyOf<T>, row });
      }
      return found;
    },
    all: () =>
      [...parts].flatMap(([name, part]) =>
        part.keys.map((key) => {
          const row: unknown = JSON.parse(part.texts.get(idOf(key)) as string);
          return { table: tables.get(name), key, row } as unknown as Put;
        }),
      ),
    copy() {
      const twin = createRows();
      for (const put of this.all()) twin.put(put, JSON.stringify(put.row));
      return twin;
    },
    size: () => size,
  };
}
