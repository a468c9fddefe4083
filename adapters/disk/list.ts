/** The keys of all blobs on disk, for whoever carries them elsewhere. */
import { opendir } from "node:fs/promises";
import { join } from "node:path";
import { isMissing } from "./sync.ts";

const PAGE = 500;

/** In pages, in any order. Nobody may write meanwhile. */
export async function* listDiskBlobs(root: string): AsyncGenerator<string[], void, undefined> {
  const objects = join(root, "objects");
  let page: string[] = [];
  for await (const folder of entriesOf(objects)) {
    for await (const name of entriesOf(join(objects, folder))) {
      page.push(name.replaceAll("!", "/"));
      if (page.length < PAGE) continue;
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

async function* entriesOf(path: string): AsyncGenerator<string, void, undefined> {
  try {
    for await (const { name } of await opendir(path)) yield name;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
