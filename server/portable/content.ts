/** The content of a place as lines of text that are the same wherever it is kept: one file of an export for each table. */
import { createHash } from "node:crypto";
import { ACCOUNT_TABLES } from "@damso/core/ports/rows";
import type { AccountRecord, AccountTable } from "@damso/core/ports/rows";
import type { TableName } from "@damso/core/tables";
import { accountNameOf, nameOf, portableKey, SHARD_TABLES } from "./tables.ts";
import type { MediaStore, PortableRow, Stores } from "./stores.ts";

export type Pages = AsyncIterable<readonly string[]>;

/** One file of an export: how its lines are read from a place, and put into one. */
export type Part = {
  name: string;
  read: (stores: Stores) => Pages;
  /** `bodyOf`: the bytes of a blob in the export. */
  write: (stores: Stores, lines: readonly string[], bodyOf: BodyOf) => Promise<void>;
};

export type BodyOf = (sha256: string) => AsyncIterable<Uint8Array>;

export type MediaLine = {
  key: string;
  content_type: string;
  created_at: number;
  bytes: number;
  sha256: string;
};

/** In the order in which they are put in: nothing before what it refers to. */
export const PARTS: readonly Part[] = [
  ...ACCOUNT_TABLES.map(accountPart),
  ...SHARD_TABLES.map(shardPart),
  { name: "media", read: ({ media }) => mediaLines(media), write: writeMedia },
];

function shardPart(table: TableName): Part {
  return {
    name: nameOf(table),
    async *read(stores) {
      for await (const page of stores.scan(table))
        yield page.map(
          ({ key, json }) => `{"key":${JSON.stringify(portableKey(table, key))},"row":${json}}`,
        );
    },
    write: (stores, lines) => stores.put(lines.map((line) => parseRow(table, line))),
  };
}

function parseRow(table: TableName, line: string): PortableRow {
  const { key } = JSON.parse(line) as { key: (string | number)[] };
  // The text after the key, as it was written: no number and no order of fields is read and made again.
  const json = line.slice(`{"key":${JSON.stringify(key)},"row":`.length, -1);
  return { table, key, json };
}

function accountPart(table: AccountTable): Part {
  return {
    name: accountNameOf(table),
    async *read({ records }) {
      for await (const page of records.pages(table)) yield page.map((one) => JSON.stringify(one));
    },
    write: ({ records }, lines) =>
      records.insert(
        table,
        lines.map((line) => JSON.parse(line) as AccountRecord),
      ),
  };
}

async function* mediaLines(media: MediaStore): AsyncGenerator<string[], void, undefined> {
  for await (const keys of media.list()) {
    for (const key of keys) {
      const line = await mediaLine(media, key);
      yield [JSON.stringify(line)];
    }
  }
}

async function mediaLine(media: MediaStore, key: string): Promise<MediaLine> {
  const found = await media.get(key);
  if (!found) throw new Error(`the blob ${key} is gone: something else is at work here`);
  const { content_type, created_at } = found.stat;
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of found.body) {
    hash.update(piece);
    bytes += piece.byteLength;
  }
  return { key, content_type, created_at, bytes, sha256: hash.digest("hex") };
}

async function writeMedia(
  { media }: Stores,
  lines: readonly string[],
  bodyOf: BodyOf,
): Promise<void> {
  for (const line of lines) {
    const { key, content_type, created_at, sha256 } = JSON.parse(line) as MediaLine;
    await media.put(key, bodyOf(sha256), { content_type, created_at });
  }
}
