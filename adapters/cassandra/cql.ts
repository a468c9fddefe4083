/** The statements, as text and values. A statement's text depends on which columns are named and never on a value. */
import type { TableName } from "@damso/core/tables";
import type { Column, Layout } from "./layout.ts";
import { BUCKET, LAYOUT, partitionColumns, ROW } from "./layout.ts";

export type Value = string | number;
export type Key = readonly Value[];
export type Statement = { query: string; params: unknown[] };

type Term = { column: Column; operator: "=" | ">=" | "<=" | "IN"; value: Value | readonly Value[] };

/** What Cassandra calls a table of this program. */
export const nameOf = (keyspace: string, table: string): string => `${keyspace}.${table}`;

export function createTable(keyspace: string, table: TableName): string {
  const layout = LAYOUT[table];
  const partition = partitionColumns(layout);
  const clustering = layout.columns.slice(layout.partition);
  const columns = [...partition, ...clustering, ROW].map(({ name, type }) => `${name} ${type}`);
  const names = (list: readonly Column[]): string => list.map(({ name }) => name).join(", ");
  const key = [`(${names(partition)})`, ...clustering.map(({ name }) => name)].join(", ");
  return (
    `CREATE TABLE IF NOT EXISTS ${nameOf(keyspace, table)} ` +
    `(${columns.join(", ")}, PRIMARY KEY (${key}))` +
    (layout.options === undefined ? "" : ` WITH ${layout.options}`)
  );
}

/** Puts the row where its stamp is the highest. An update, because an insert would write a marker beside the cell. */
export function put(
  keyspace: string,
  table: TableName,
  key: Key,
  json: string,
  stamp: number,
): Statement {
  const { text, params } = where(keyTerms(table, key));
  return {
    query: `UPDATE ${nameOf(keyspace, table)} USING TIMESTAMP ? SET ${ROW.name} = ? WHERE ${text}`,
    params: [BigInt(stamp), json, ...params],
  };
}

/** Deletes the row up to and including the stamp, whenever what it deletes arrives. */
export function remove(keyspace: string, table: TableName, key: Key, stamp: number): Statement {
  const { text, params } = where(keyTerms(table, key));
  return {
    query: `DELETE FROM ${nameOf(keyspace, table)} USING TIMESTAMP ? WHERE ${text}`,
    params: [BigInt(stamp), ...params],
  };
}

/** Rows of some keys that differ in their last column only. */
export function selectKeys(keyspace: string, table: TableName, keys: readonly Key[]): Statement {
  const terms = keyTerms(table, keys[0] as Key);
  const last = terms.at(-1) as Term;
  if (keys.length > 1) {
    terms.splice(-1, 1, { ...last, operator: "IN", value: keys.map((key) => key.at(-1) as Value) });
  }
  return select(keyspace, table, terms, "");
}

export type Slice = {
  prefix: Key;
  bucket: number | undefined;
  from: Value | undefined;
  to: Value | undefined;
  limit: number;
  reverse: boolean;
};

/** Rows of one partition between bounds, in the order of their keys or the other way round. */
export function selectSlice(keyspace: string, table: TableName, slice: Slice): Statement {
  const { columns, partition } = LAYOUT[table];
  const { prefix, bucket, from, to, limit, reverse } = slice;
  const terms = equals(columns, prefix);
  if (bucket !== undefined) terms.push({ column: BUCKET, operator: "=", value: bucket });
  const next = columns[prefix.length];
  if (next && from !== undefined) terms.push({ column: next, operator: ">=", value: from });
  if (next && to !== undefined) terms.push({ column: next, operator: "<=", value: to });
  const order = columns.slice(partition).map(({ name }) => `${name} DESC`);
  const ordered = reverse && order.length > 0 ? ` ORDER BY ${order.join(", ")}` : "";
  const { query, params } = select(keyspace, table, terms, `${ordered} LIMIT ?`);
  return { query, params: [...params, limit] };
}

/** Every row of the table, partition after partition, in no order that means anything. */
export function selectAll(keyspace: string, table: TableName): Statement {
  const names = [...LAYOUT[table].columns, ROW].map(({ name }) => name).join(", ");
  return { query: `SELECT ${names} FROM ${nameOf(keyspace, table)}`, params: [] };
}

/** Whether `selectKeys` can ask for both at once: all columns but the last are equal, and so is the partition. */
export function together(table: TableName, a: Key, b: Key): boolean {
  const layout = LAYOUT[table];
  if (layout.columns.length === layout.partition) return false;
  if (bucketOf(layout, a) !== bucketOf(layout, b)) return false;
  return a.every((value, i) => i === a.length - 1 || value === b[i]);
}

export function bucketOf({ bucket_rows }: Layout, key: Key): number | undefined {
  return bucket_rows === undefined ? undefined : bucketAt(bucket_rows, key[1] as number);
}

export const bucketAt = (bucket_rows: number, number: number): number =>
  Math.floor(number / bucket_rows);

function select(
  keyspace: string,
  table: TableName,
  terms: readonly Term[],
  rest: string,
): Statement {
  const { columns } = LAYOUT[table];
  const { text, params } = where(terms);
  const names = [...columns, ROW].map(({ name }) => name).join(", ");
  return { query: `SELECT ${names} FROM ${nameOf(keyspace, table)} WHERE ${text}${rest}`, params };
}

function keyTerms(table: TableName, key: Key): Term[] {
  const layout = LAYOUT[table];
  const bucket = bucketOf(layout, key);
  const terms = equals(layout.columns, key);
  const bucketTerm: Term[] =
    bucket === undefined ? [] : [{ column: BUCKET, operator: "=", value: bucket }];
  return [...bucketTerm, ...terms];
}

function equals(columns: readonly Column[], values: Key): Term[] {
  return values.map((value, i) => ({ column: columns[i] as Column, operator: "=", value }));
}

function where(terms: readonly Term[]): { text: string; params: unknown[] } {
  return {
    text: terms.map(({ column, operator }) => `${column.name} ${operator} ?`).join(" AND "),
    params: terms.map(({ column, value }) =>
      typeof value === "object" ? value.map((each) => encode(column, each)) : encode(column, value),
    ),
  };
}

function encode({ type }: Column, value: Value): unknown {
  return type === "bigint" ? BigInt(value) : value;
}
