/** Compares what is in a place, or in the files of an export, with what the export says of itself. */
import type { Pages } from "./content.ts";
import { PARTS } from "./content.ts";
import { readLines } from "./lines.ts";
import { fileOf } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import type { MediaLine } from "./content.ts";
import { readBody } from "./media.ts";
import type { Stores } from "./stores.ts";
import { refused } from "./stores.ts";
import type { Total } from "./tally.ts";
import { createTally } from "./tally.ts";

export type Said = (part: string, total: Total) => void;

/** Rejects at the first table that differs. */
export async function verifyStores(
  stores: Stores,
  { tables }: Manifest,
  said: Said,
): Promise<void> {
  for (const { name, read } of PARTS) {
    const total = await totalOf(read(stores));
    assertSame(`${name} of ${stores.name}`, total, tables[name]);
    said(name, total);
  }
}

/** The same of the files, blobs included. */
export async function verifyFiles(folder: string, { tables }: Manifest): Promise<void> {
  for (const { name } of PARTS) {
    const path = fileOf(folder, name);
    const pages = readLines(path);
    const total = await totalOf(name === "media" ? bodiesOf(folder, pages) : pages);
    assertSame(path, total, tables[name]);
  }
}

async function* bodiesOf(folder: string, pages: Pages): Pages {
  for await (const page of pages) {
    for (const line of page) {
      const { sha256 } = JSON.parse(line) as MediaLine;
      const body = readBody(folder, sha256);
      while (!(await body.next()).done);
    }
    yield page;
  }
}

async function totalOf(pages: Pages): Promise<Total> {
  const tally = createTally();
  for await (const page of pages) for (const line of page) tally.add(line);
  return tally.total();
}

export function assertSame(what: string, is: Total, wanted: Total | undefined): void {
  if (is.rows === wanted?.rows && is.sha256_sum === wanted.sha256_sum) return;
  const counts =
    is.rows === wanted?.rows
      ? `${is.rows} rows, but not the same ones`
      : `${is.rows} rows instead of ${wanted?.rows ?? 0}`;
  throw refused(`${what} is not what the manifest says: ${counts}`);
}
