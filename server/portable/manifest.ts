/** What an export says of itself: written last, so that a folder without one is none. */
import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Bounds } from "@damso/core/shard/checkpoint";
import { syncPath, writeDurably } from "../durable.ts";
import { PARTS } from "./content.ts";
import { refused } from "./stores.ts";
import type { Total } from "./tally.ts";

export type Manifest = {
  format: "damso export";
  version: number;
  /** Of the program that wrote it. */
  program: string;
  made_at: string;
  source: string;
  /** One file each: `<name>.jsonl.gz`. */
  tables: Record<string, Total>;
  /**
   * Below what the shards of the source have given out numbers, and the epochs of its feeds: whoever takes the rows over
   * stays above the one and chooses another epoch.
   */
  bounds: Bounds;
};

/** Another number when an older program would misread it. */
export const VERSION = 1;

const NAME = "manifest.json";

export const fileOf = (folder: string, part: string): string => join(folder, `${part}.jsonl.gz`);

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const temporary = join(folder, `${NAME}.unfinished`);
  await writeDurably(temporary, `${JSON.stringify(manifest, undefined, 2)}\n`);
  await rename(temporary, join(folder, NAME));
  await syncPath(folder);
}

export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, NAME), "utf8").catch((error: { code?: string }) => {
    if (error.code === "ENOENT")
      throw refused(
        `${folder} is no export, or one that did not come to its end: it has no ${NAME}`,
      );
    throw error;
  });
  const manifest = parse(text);
  if (manifest?.format !== "damso export") throw refused(`${join(folder, NAME)} is of no export`);
  if (manifest.version !== VERSION)
    throw refused(
      `${folder} is an export of version ${manifest.version}, this program reads version ${VERSION}`,
    );
  const missing = PARTS.filter(({ name }) => !manifest.tables[name]).map(({ name }) => name);
  if (missing.length > 0) throw refused(`${folder} lacks ${missing.join(", ")}`);
  return manifest;
}

function parse(text: string): Manifest | undefined {
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    return undefined;
  }
}
