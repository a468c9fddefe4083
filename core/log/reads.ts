/**
 * The reading side of a log store: committed rows, wherever they are. Memory is pinned before the table is asked and
 * looked at again when it has answered. So a row that a flush moves meanwhile is in one of the two, what was committed
 * since covers what the table returned of it, and the answer is what was committed at one moment. Rules S3, S16.
 */
import type { Entry, Range, Reads } from "../ports/store.ts";
import type { KeyOf, RowOf, TableName } from "../tables.ts";
import { assertOpen } from "./context.ts";
import type { Opened } from "./context.ts";
import type { LoggedRow } from "./record.ts";
import { compareKeys } from "./unflushed.ts";
import type { Held } from "./unflushed.ts";

export function createReads(store: Opened): Reads {
  return {
    async get(table, key) {
      const [row] = await pinned(store, () => many(store, table, [key]));
      return row;
    },
    many: (table, keys) => pinned(store, () => many(store, table, keys)),
    range: (table, asked) => pinned(store, () => range(store, table, asked)),
  };
}

/** While a read is under way, a flush leaves in memory what it has written. */
async function pinned<T>(store: Opened, read: () => Promise<T>): Promise<T> {
  assertOpen(store);
  const reading = read();
  store.reads.add(reading);
  try {
    const answer = await reading;
    assertOpen(store);
    return answer;
  } finally {
    store.reads.delete(reading);
  }
}

function parse<T extends TableName>({ json }: LoggedRow): RowOf<T> | undefined {
  return json === null ? undefined : (JSON.parse(json) as RowOf<T>);
}

async function many<T extends TableName>(
  { unflushed, table: stored }: Opened,
  table: T,
  keys: readonly KeyOf<T>[],
): Promise<(RowOf<T> | undefined)[]> {
  // Kept at hand: a flush that had written these rows before this read began does not wait for it.
  const before = keys.map((key) => unflushed.get(table, key));
  const missing = keys.filter((_key, i) => !before[i]);
  const found = missing.length > 0 ? await stored.many(table, missing) : [];
  let next = 0;
  return keys.map((key, i) => {
    const row = missing[next] === key ? found[next++] : undefined;
    const held = unflushed.get(table, key) ?? before[i];
    return held ? parse<T>(held) : row;
  });
}

/** Deletions in memory hide rows that the table counts, so it is asked for as many more. */
async function range<T extends TableName>(
  { unflushed, table: stored }: Opened,
  table: T,
  asked: Range,
): Promise<Entry<T>[]> {
  const hiding = (): number => unflushed.within(table, asked).filter(isDeletion).length;
  for (let limit = asked.limit + hiding(); ; limit = asked.limit + hiding()) {
    const rows = await stored.range(table, { ...asked, limit });
    const entries = merge(rows, unflushed.within(table, asked), asked);
    if (rows.length < limit) return entries.slice(0, asked.limit);
    // The table may have more: beyond its last row, what is in memory could have a row before it that was not read.
    const known = upTo(rows.at(-1), entries, asked);
    if (known.length >= asked.limit) return known.slice(0, asked.limit);
  }
}

const isDeletion = ({ json }: Held): boolean => json === null;

const ordered = (a: Entry<TableName>, b: Entry<TableName>, { reverse }: Range): number =>
  reverse ? compareKeys(b.key, a.key) : compareKeys(a.key, b.key);

function upTo<T extends TableName>(
  last: Entry<T> | undefined,
  entries: Entry<T>[],
  asked: Range,
): Entry<T>[] {
  return last ? entries.filter((entry) => ordered(entry, last, asked) <= 0) : entries;
}

/** Both in order; where both have a key, memory is right. */
function merge<T extends TableName>(
  rows: readonly Entry<T>[],
  held: readonly Held[],
  asked: Range,
): Entry<T>[] {
  const keyOf = (key: readonly unknown[]): string => JSON.stringify(key);
  const covered = new Set(held.map(({ key }) => keyOf(key)));
  const entries = rows.filter(({ key }) => !covered.has(keyOf(key)));
  for (const each of held) {
    const row = parse<T>(each);
    if (row !== undefined) entries.push({ key: each.key as unknown as KeyOf<T>, row });
  }
  return held.length > 0 ? entries.sort((a, b) => ordered(a, b, asked)) : entries;
}
