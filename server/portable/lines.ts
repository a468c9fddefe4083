/** Files of lines, compressed, written and read in pieces: however many rows there are, a few are in memory. */
import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { syncPath } from "../durable.ts";

/** Makes the file, which must not be there, and resolves when it is on disk. */
export async function writeLines(
  path: string,
  pages: AsyncIterable<readonly string[]>,
): Promise<void> {
  async function* texts(): AsyncGenerator<string> {
    for await (const page of pages) if (page.length > 0) yield `${page.join("\n")}\n`;
  }
  const file = createWriteStream(path, { flags: "wx", mode: 0o600 });
  await pipeline(Readable.from(texts()), createGzip(), file);
  await syncPath(path, "r+");
}

/** The lines of a file, some at a time. Throws when it is cut off or damaged. */
export async function* readLines(path: string): AsyncGenerator<string[], void, undefined> {
  const gunzip = createGunzip();
  const file = createReadStream(path);
  file.on("error", (error) => gunzip.destroy(error));
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of file.pipe(gunzip)) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (lines.length > 0) yield lines;
  }
  if (rest !== "") throw new Error(`${path} ends in the middle of a line`);
}
