/** The port: writes with stamps, reads by key and by range. Rules S3, S14. */
import type { Entry, Range } from "@damso/core/ports/store";
import type { KeyOf, RowOf, TableName } from "@damso/core/tables";
import type { Stamped, Table } from "@damso/core/ports/table";
import { bucketsOf } from "./buckets.ts";
import type { Key, Statement, Value } from "./cql.ts";
import { bucketOf, put, remove, selectKeys, selectSlice, together } from "./cql.ts";
import type { Ends } from "./ends.ts";
import { createEndsOn } from "./ends.ts";
import { LAYOUT } from "./layout.ts";
import { part } from "./parts.ts";
import type { Session } from "./session.ts";

/**
 * Of one partition in one statement. Cassandra refuses batches of 50 KiB over several partitions; one of a single
 * partition is bounded by the size of a mutation only, 16 MiB, and a row that is larger than this goes by itself.
 */
const BATCH_BYTES = 32 * 1024;
/** Keys asked for by one statement. */
const KEYS_MAX = 50;

type Row = { key: Key; json: string };
type Piece = Statement & { partition: string; bytes: number };

export function createTableOn(
  session: Session,
  keyspace: string,
  batch_bytes: number = BATCH_BYTES,
): Table & { close(): Promise<void> } {
  const ends = createEndsOn(session, keyspace);

  async function keyed(table: TableName, keys: readonly Key[]): Promise<Map<string, string>> {
    const answers = await settle(
      groups(table, keys).map((group) => session.run(selectKeys(keyspace, table, group))),
    );
    const rows = answers.flat().map((found) => toRow(table, found));
    return new Map(rows.map(({ key, json }) => [idOf(key), json]));
  }

  async function slice(table: TableName, range: Range, bucket?: number): Promise<Row[]> {
    const { prefix, from, to, limit, reverse = false } = range;
    const asked = { prefix, bucket, from, to, limit, reverse };
    const found = await session.run(selectSlice(keyspace, table, asked));
    return found.map((row) => toRow(table, row));
  }

  return {
    async write(rows, signal) {
      signal?.throwIfAborted();
      await ends.cover(rows);
      signal?.throwIfAborted();
      const pieces = rows.map((row) => toPiece(keyspace, row));
      await settle(part(pieces, batch_bytes).map((group) => session.batch(group)));
    },
    async get<T extends TableName>(table: T, key: KeyOf<T>, signal?: Parameters<Table["get"]>[2]) {
      signal?.throwIfAborted();
      return parse<T>((await keyed(table, [key])).get(idOf(key)));
    },
    async many<T extends TableName>(
      table: T,
      keys: readonly KeyOf<T>[],
      signal?: Parameters<Table["many"]>[2],
    ) {
      signal?.throwIfAborted();
      if (keys.length === 0) return [];
      const found = await keyed(table, keys);
      return keys.map((key) => parse<T>(found.get(idOf(key))));
    },
    async range<T extends TableName>(
      table: T,
      range: Range,
      signal?: Parameters<Table["range"]>[2],
    ) {
      signal?.throwIfAborted();
      const rows: Row[] = [];
      for await (const bucket of bucketsOfRange(ends, table, range)) {
        signal?.throwIfAborted();
        const limit = range.limit - rows.length;
        rows.push(...(await slice(table, { ...range, limit }, bucket)));
        if (rows.length >= range.limit) break;
      }
      return rows.map(({ key, json }): Entry<T> => ({
        key: key as unknown as KeyOf<T>,
        row: JSON.parse(json) as RowOf<T>,
      }));
    },
    close: () => session.close(),
  };
}

/** One undefined where the table has no buckets. */
async function* bucketsOfRange(
  ends: Ends,
  table: TableName,
  { prefix, from, to, limit, reverse = false }: Range,
): AsyncGenerator<number | undefined> {
  const { partition, columns, bucket_rows } = LAYOUT[table];
  if (prefix.length < partition) {
    const missing = columns[prefix.length]?.name;
    throw new Error(`a range of ${table} has to name its partition: ${missing} is missing`);
  }
  if (limit <= 0) return;
  if (bucket_rows === undefined) yield undefined;
  else if (prefix.length > 1) yield bucketOf(LAYOUT[table], prefix);
  else {
    const bounds = { from: from as number | undefined, to: to as number | undefined, reverse };
    yield* bucketsOf(bucket_rows, bounds, () => ends.read(table, prefix[0] as string));
  }
}

function toPiece(keyspace: string, { put: { table, key, row, json }, stamp }: Stamped): Piece {
  if (!Number.isSafeInteger(stamp)) throw new Error(`not a stamp: ${stamp}`);
  const layout = LAYOUT[table];
  const parts: Value[] = [...key.slice(0, layout.partition), bucketOf(layout, key) ?? ""];
  const partition = `${table}/${parts.join("/")}`;
  if (row === null) return { ...remove(keyspace, table, key, stamp), partition, bytes: 64 };
  const text = json ?? JSON.stringify(row);
  const bytes = Buffer.byteLength(text) + 64;
  return { ...put(keyspace, table, key, text, stamp), partition, bytes };
}

/** Neighbours that one statement can ask for. */
function groups(table: TableName, keys: readonly Key[]): Key[][] {
  const found: Key[][] = [];
  for (const key of keys) {
    const last = found.at(-1);
    if (last?.[0] && last.length < KEYS_MAX && together(table, last[0], key)) last.push(key);
    else found.push([key]);
  }
  return found;
}

export function toRow(table: TableName, found: Record<string, unknown>): Row {
  const key = LAYOUT[table].columns.map(({ name, type }): Value => {
    const value = found[name];
    return type === "bigint" ? Number(value) : (value as Value);
  });
  return { key, json: found["row"] as string };
}

const idOf = (key: Key): string => key.join("/");

function parse<T extends TableName>(json: string | undefined): RowOf<T> | undefined {
  return json === undefined ? undefined : (JSON.parse(json) as RowOf<T>);
}

/** All have ended, well or not, before the first failure is thrown: nothing is under way behind a rejection. */
async function settle<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}
