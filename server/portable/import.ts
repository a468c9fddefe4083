/** Puts an export into an empty place, and compares what is there afterwards with what the export says. */
import type { Pages, Part } from "./content.ts";
import { PARTS } from "./content.ts";
import { counted } from "./export.ts";
import { readLines } from "./lines.ts";
import { fileOf, readManifest } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import { readBody } from "./media.ts";
import type { Stores } from "./stores.ts";
import { refused } from "./stores.ts";
import type { Total } from "./tally.ts";
import { createTally } from "./tally.ts";
import { assertSame, verifyStores } from "./verify.ts";

export type ImportDeps = {
  stores: Stores;
  folder: string;
  said: (part: string, total: Total) => void;
};

/** Of one write: a row may have 600 KB. */
const CHUNK_ROWS = 500;
const CHUNK_CHARACTERS = 1024 * 1024;

/**
 * Rejects with a sentence when something is there already, and when an import was cut off: then the place stays closed
 * to servers, and has to be emptied.
 */
export async function importAll({ stores, folder, said }: ImportDeps): Promise<Manifest> {
  const manifest = await readManifest(folder);
  await assertEmpty(stores);
  await stores.begin();
  for (const part of PARTS) {
    const total = await importPart(stores, folder, part);
    assertSame(fileOf(folder, part.name), total, manifest.tables[part.name]);
  }
  await verifyStores(stores, manifest, said);
  await stores.finish(manifest.bounds);
  return manifest;
}

async function assertEmpty(stores: Stores): Promise<void> {
  for (const { name, read } of PARTS) {
    for await (const page of read(stores)) {
      if (page.length > 0)
        throw refused(`${stores.name} has rows in ${name}: an import goes into an empty place`);
    }
  }
}

async function importPart(stores: Stores, folder: string, part: Part): Promise<Total> {
  const tally = createTally();
  const lines = counted(readLines(fileOf(folder, part.name)), tally);
  for await (const chunk of chunksOf(lines))
    await part.write(stores, chunk, (sha256) => readBody(folder, sha256));
  return tally.total();
}

/** Pages of another size. */
async function* chunksOf(pages: Pages): AsyncGenerator<string[], void, undefined> {
  let chunk: string[] = [];
  let characters = 0;
  for await (const page of pages) {
    for (const line of page) {
      chunk.push(line);
      characters += line.length;
      if (chunk.length < CHUNK_ROWS && characters < CHUNK_CHARACTERS) continue;
      yield chunk;
      chunk = [];
      characters = 0;
    }
  }
  if (chunk.length > 0) yield chunk;
}
