/**
 * As much of EDN as histories are written in: maps, vectors, lists, keywords, symbols, strings, numbers, nil, comments.
 * Tags are passed over: `#jepsen.history.Op{…}` is its map. https://github.com/edn-format/edn
 */
export type Edn = null | boolean | number | string | Keyword | readonly Edn[] | Map<string, Edn>;
export type Keyword = { keyword: string };

type Reader = { text: string; at: number };

const SPACE = /[\s,]*(?:;[^\n]*[\s,]*)*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const TOKEN = /[^\s,;"()[\]{}]+/y;
const CLOSING: Record<string, string> = { "[": "]", "(": ")", "{": "}" };

/** Every value of the text, one after the other. Throws with the place of what it does not understand. */
export function readEdn(text: string): Edn[] {
  const reader = { text, at: 0 };
  const values: Edn[] = [];
  for (skip(reader); reader.at < text.length; skip(reader)) values.push(read(reader));
  return values;
}

function match(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text)?.[0];
  reader.at += found?.length ?? 0;
  return found;
}

function skip(reader: Reader): void {
  match(reader, SPACE);
}

function read(reader: Reader): Edn {
  skip(reader);
  const { text, at } = reader;
  const first = text[at] ?? "";
  if (first === "{") return toMap(readAll(reader));
  if (first in CLOSING) return readAll(reader);
  if (first === '"') {
    const found = match(reader, STRING);
    if (found === undefined) throw new Error(`a text at ${at} does not end`);
    return JSON.parse(found) as string;
  }
  const token = match(reader, TOKEN);
  if (token === undefined) throw new Error(`nothing to read at ${at}: ${text.slice(at, at + 20)}`);
  return token.startsWith("#") ? read(reader) : toAtom(token);
}

function readAll(reader: Reader): Edn[] {
  const start = reader.at;
  const closing = CLOSING[reader.text[reader.at++] ?? ""];
  const values: Edn[] = [];
  for (;;) {
    skip(reader);
    if (reader.text[reader.at] === closing) break;
    if (reader.at >= reader.text.length) throw new Error(`what opens at ${start} does not end`);
    values.push(read(reader));
  }
  reader.at++;
  return values;
}

function toMap(values: readonly Edn[]): Map<string, Edn> {
  const map = new Map<string, Edn>();
  for (let at = 0; at + 1 < values.length; at += 2) {
    map.set(nameOf(values[at] ?? null), values[at + 1] ?? null);
  }
  return map;
}

function toAtom(token: string): Edn {
  if (token === "nil") return null;
  if (token === "true" || token === "false") return token === "true";
  if (token.startsWith(":")) return { keyword: token.slice(1) };
  if (/^[+-]?\d/.test(token)) return Number(token.replace(/[NM]$/, ""));
  return token;
}

/** A keyword's name, or any other value as text: what a list or a process is called. */
export function nameOf(value: Edn): string {
  if (typeof value === "object" && value !== null && "keyword" in value) return value.keyword;
  return typeof value === "string" ? value : JSON.stringify(value);
}
