/** The bytes of blobs in an export: one file for each content, under its SHA-256. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";

export function bodyFile(folder: string, sha256: string): string {
  return join(folder, "media", sha256.slice(0, 2), sha256);
}

/** Throws at the end when the bytes are not those that the name promises. */
export async function* readBody(
  folder: string,
  sha256: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const path = bodyFile(folder, sha256);
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) {
    hash.update(piece as Uint8Array);
    yield piece as Uint8Array;
  }
  if (hash.digest("hex") !== sha256) throw new Error(`${path} is damaged`);
}
