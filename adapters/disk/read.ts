/** The bytes of a blob, piece by piece. */
import { open } from "node:fs/promises";
import type { ByteRange, BlobStat } from "@damso/core/ports/blobs";
import type { Signal } from "@damso/core/ports/signal";
import { decodeHeader, HEADER_BYTES } from "./header.ts";

const PIECE_BYTES = 64 * 1024;

/** Opens the file at the first read: an answer that nobody reads holds no file open. */
export async function* readBody(
  path: string,
  stat: BlobStat,
  range: ByteRange = { start: 0 },
  signal?: Signal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const handle = await open(path, "r");
  try {
    const header = new Uint8Array(HEADER_BYTES);
    await handle.read(header, 0, HEADER_BYTES, 0);
    const { size } = await handle.stat();
    const { created_at } = decodeHeader(header, path);
    if (size - HEADER_BYTES !== stat.bytes || created_at !== stat.created_at) {
      throw new Error(`the blob ${stat.key} was replaced before it was read`);
    }
    const end = Math.min(range.end ?? stat.bytes, stat.bytes);
    for (let at = range.start; at < end;) {
      signal?.throwIfAborted();
      const piece = new Uint8Array(Math.min(PIECE_BYTES, end - at));
      const { bytesRead } = await handle.read(piece, 0, piece.byteLength, HEADER_BYTES + at);
      if (bytesRead === 0) throw new Error(`the blob ${stat.key} ends early`);
      yield piece.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}
