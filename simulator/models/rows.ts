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

function sort(part: Part): void {
  if (!part.sorted) part.keys.sort(compare);
  part.sorted = true;
}

/** True when the part has a row more. */
function insert(part: Part, key: Key, text: string): boolean {
  const id = idOf(key);
  const known = part.texts.has(id);
  part.texts.set(id, text);
  if (known) return false;
  const last = part.keys.at(-1);
  if (last && compare(last, key) > 0) part.sorted = false;
  part.keys.push(key);
  return true;
}

/** True when the part has a row less. */
function remove(part: Part, key: Key): boolean {
  if (!part.texts.delete(idOf(key))) return false;
  sort(part);
  const at = lowerBound(part.keys, key);
  part.keys.splice(at, 1);
  return true;
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

function entriesOf<T extends TableName>(part: Part, range: Range): Entry<T>[] {
  const found: Entry<T>[] = [];
  for (const key of matching(range, part)) {
    if (found.length === range.limit) break;
    const row = JSON.parse(part.texts.get(idOf(key)) as string) as RowOf<T>;
    found.push({ key: key as unknown as KeyOf<T>, row });
  }
  return found;
}

function putsOf(table: TableName, part: Part): Put[] {
  return part.keys.map((key) => {
    const row: unknown = JSON.parse(part.texts.get(idOf(key)) as string);
    return { table, key, row } as unknown as Put;
  });
}

/** None yet. */
export function createRows(): Rows {
  const parts = new Map<string, Part & { table: TableName }>();
  let size = 0;

  function put({ table, key }: Put, text: string | null): void {
    const name = partOf(table, key);
    let part = parts.get(name);
    if (text === null) {
      if (part && remove(part, key)) size--;
      return;
    }
    if (!part) parts.set(name, (part = { table, keys: [], texts: new Map(), sorted: true }));
    if (insert(part, key, text)) size++;
  }

  const text = (table: TableName, key: Key): string | undefined =>
    parts.get(partOf(table, key))?.texts.get(idOf(key));

  return {
    put,
    text,
    get<T extends TableName>(table: T, key: KeyOf<T>) {
      const found = text(table, key);
      return found === undefined ? undefined : (JSON.parse(found) as RowOf<T>);
    },
    range<T extends TableName>(table: T, range: Range) {
      const part = parts.get(partOf(table, range.prefix));
      return part ? entriesOf<T>(part, range) : [];
    },
    all: () => [...parts.values()].flatMap((part) => putsOf(part.table, part)),
    copy() {
      const twin = createRows();
      for (const each of this.all()) twin.put(each, JSON.stringify(each.row));
      return twin;
    },
    size: () => size,
  };
}
