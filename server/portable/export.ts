/** Writes all that a place holds into a folder. */
import { mkdir, open, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import type { MediaLine, Pages, Part } from "./content.ts";
import { PARTS } from "./content.ts";
import { writeLines } from "./lines.ts";
import { fileOf, VERSION, writeManifest } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import { bodyFile } from "./media.ts";
import type { Stores } from "./stores.ts";
import { refused } from "./stores.ts";
import type { Tally, Total } from "./tally.ts";
import { createTally } from "./tally.ts";

export type ExportDeps = {
  stores: Stores;
  folder: string;
  program: string;
  now: number;
  said: (part: string, total: Total) => void;
};

/** Rejects with a sentence when the folder has something in it, or the place is not drained. */
export async function exportAll(deps: ExportDeps): Promise<Manifest> {
  const { stores, folder, program, now, said } = deps;
  const mark = await stores.assertDrained();
  await makeEmpty(folder);
  const tables: Record<string, Total> = {};
  for (const part of PARTS) {
    const total = await exportPart(deps, part);
    tables[part.name] = total;
    said(part.name, total);
  }
  if ((await stores.assertDrained()) !== mark)
    throw refused(`${stores.name} was at work meanwhile: delete ${folder}, and export again`);
  const manifest: Manifest = {
    format: "damso export",
    version: VERSION,
    program,
    made_at: new Date(now).toISOString(),
    source: stores.name,
    tables,
    bounds: await stores.bounds(),
  };
  await writeManifest(folder, manifest);
  return manifest;
}

async function makeEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0)
    throw refused(`${folder} is not empty: an export goes into a folder of its own`);
}

async function exportPart({ stores, folder }: ExportDeps, part: Part): Promise<Total> {
  const tally = createTally();
  const pages = counted(part.read(stores), tally);
  const lines = part.name === "media" ? withBodies(stores, folder, pages) : pages;
  await writeLines(fileOf(folder, part.name), lines);
  return tally.total();
}

export async function* counted(pages: Pages, tally: Tally): Pages {
  for await (const page of pages) {
    for (const line of page) tally.add(line);
    yield page;
  }
}

/** Beside each line of a blob its bytes, in a file that is named by what is in it. */
async function* withBodies(stores: Stores, folder: string, pages: Pages): Pages {
  for await (const page of pages) {
    for (const line of page) await writeBody(stores, folder, JSON.parse(line) as MediaLine);
    yield page;
  }
}

async function writeBody(
  { media }: Stores,
  folder: string,
  { key, sha256 }: MediaLine,
): Promise<void> {
  const path = bodyFile(folder, sha256);
  const found = await media.get(key);
  if (!found) throw new Error(`the blob ${key} is gone: something else is at work here`);
  await mkdir(join(path, ".."), { recursive: true, mode: 0o700 });
  const temporary = `${path}.unfinished`;
  const handle = await open(temporary, "w", 0o600);
  try {
    for await (const piece of found.body) await handle.writeFile(piece);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
}
