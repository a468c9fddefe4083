/**
 * Blobs on disk: one file each, a fixed header before the bytes, so that an object and what is known of it appear
 * together by one rename. The caller makes sure that no other process has the directory.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BlobBody, Blobs, BlobStat } from "@damso/core/ports/blobs";
import { assertBlobKey } from "@damso/core/ports/blobs";
import type { Signal } from "@damso/core/ports/signal";
import { decodeHeader, encodeHeader, HEADER_BYTES } from "./header.ts";
import { isMissing, syncDirectory } from "./sync.ts";
import { readBody } from "./read.ts";

/** Opens the store under `root`, making the folders as needed and clearing what a crash left half written. */
export async function openDiskBlobs(root: string): Promise<Blobs> {
  const unfinished = join(root, "unfinished");
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  const made = await mkdir(join(root, "objects"), { recursive: true, mode: 0o700 });
  if (made !== undefined) await syncDirectory(root);
  for (const name of await readdir(unfinished)) await unlink(join(unfinished, name));

  const pathOf = (key: string): string => join(root, "objects", fileOf(key));
  return {
    put: async (key, body, meta, signal) => {
      assertBlobKey(key);
      signal?.throwIfAborted();
      const temporary = join(unfinished, randomUUID());
      try {
        const bytes = await writeWhole(temporary, body, meta, signal);
        await moveIntoPlace(temporary, pathOf(key));
        return { key, bytes, ...meta };
      } catch (error) {
        await unlink(temporary).catch(ignoreMissing);
        throw error;
      }
    },
    get: async (key, range, signal) => {
      const stat = await statOf(pathOf(key), key, signal);
      return stat && { stat, body: readBody(pathOf(key), stat, range, signal) };
    },
    stat: async (key, signal) => await statOf(pathOf(key), key, signal),
    remove: async (key, signal) => {
      signal?.throwIfAborted();
      const path = pathOf(key);
      try {
        await unlink(path);
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
      await syncDirectory(dirname(path));
      return true;
    },
    close: () => Promise.resolve(),
  };
}

/** 256 folders keep each one small; `!` is in no key, so no two keys share a file, and none is a folder of another. */
function fileOf(key: string): string {
  assertBlobKey(key);
  const folder = createHash("sha256").update(key).digest("hex").slice(0, 2);
  return join(folder, key.replaceAll("/", "!"));
}

async function writeWhole(
  path: string,
  body: BlobBody,
  meta: { content_type: string; created_at: number },
  signal?: Signal,
): Promise<number> {
  const handle = await open(path, "wx", 0o600);
  try {
    await writeAll(handle, encodeHeader(meta));
    let bytes = 0;
    for await (const chunk of body instanceof Uint8Array ? [body] : body) {
      signal?.throwIfAborted();
      await writeAll(handle, chunk);
      bytes += chunk.byteLength;
    }
    signal?.throwIfAborted();
    await handle.sync();
    return bytes;
  } finally {
    await handle.close();
  }
}

/** One call may write less than it was given. */
async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  let written = 0;
  while (written < chunk.byteLength) {
    const { bytesWritten } = await handle.write(chunk, written, chunk.byteLength - written);
    written += bytesWritten;
  }
}

/** A rename is durable when its folder is, and a new folder when its own folder is. */
async function moveIntoPlace(temporary: string, path: string): Promise<void> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(temporary, path);
  await syncDirectory(folder);
  if (made !== undefined) await syncDirectory(dirname(folder));
}

async function statOf(path: string, key: string, signal?: Signal): Promise<BlobStat | undefined> {
  signal?.throwIfAborted();
  let handle: FileHandle;
  try {
    handle = await open(path, "r");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    const { size } = await handle.stat();
    const header = new Uint8Array(HEADER_BYTES);
    await handle.read(header, 0, HEADER_BYTES, 0);
    return { key, bytes: size - HEADER_BYTES, ...decodeHeader(header, path) };
  } finally {
    await handle.close();
  }
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
