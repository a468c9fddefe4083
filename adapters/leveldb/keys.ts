/**
 * Keys as text that sorts like the columns: a letter for the table, then the columns, joined by `/`.
 * A number is its count of digits as a letter and the digits ("c128"), so that text order is numeric order.
 */
import { KEY_COLUMNS } from "@damso/core/tables";
import type { KeyOf, TableName } from "@damso/core/tables";

const PREFIX: { [T in TableName]: string } = {
  channels: "c/",
  messages: "m/",
  bodies: "b/",
  sends: "s/",
  marks: "k/",
  users: "u/",
  feed: "f/",
  user_channels: "o/",
  pushes: "p/",
  checkpoint: "x/",
  flushed: "l/",
  tells: "t/",
  fed: "e/",
};

function column(value: string | number): string {
  if (typeof value === "string") return value;
  const digits = String(value);
  return String.fromCharCode(96 + digits.length) + digits;
}

export function encodeKey(table: TableName, key: readonly (string | number)[]): string {
  let text = PREFIX[table] + column(key[0] as string | number);
  for (let i = 1; i < key.length; i++) text += `/${column(key[i] as string | number)}`;
  return text;
}

export function decodeKey<T extends TableName>(table: T, text: string): KeyOf<T> {
  const parts = text.slice(PREFIX[table].length).split("/");
  const kinds = KEY_COLUMNS[table];
  return parts.map((part, i) =>
    kinds[i] === "number" ? Number(part.slice(1)) : part,
  ) as unknown as KeyOf<T>;
}

/** Bounds of the rows that share leading columns: from `gte` up to but not including `lt`. */
export function encodeRange(
  table: TableName,
  prefix: readonly (string | number)[],
  from: string | number | undefined,
  to: string | number | undefined,
): { gte: string; lt: string } {
  const base = encodeKey(table, prefix);
  // "0" is the character after "/", and "\u00ff" is after every character of a key.
  return {
    gte: from === undefined ? `${base}/` : `${base}/${column(from)}`,
    lt: to === undefined ? `${base}0` : `${base}/${column(to)}\u00ff`,
  };
}

/** Bounds of all rows of a table, as in `encodeRange`. */
export function encodeTable(table: TableName): { gte: string; lt: string } {
  return { gte: PREFIX[table], lt: PREFIX[table].replace("/", "0") };
}
