/** The blobs port in memory. It passes `contracts/blobs.ts`. */
import type { BlobBody, Blobs, BlobStat, ByteRange } from "@damso/core/ports/blobs";
import { assertBlobKey } from "@damso/core/ports/blobs";
import type { Signal } from "@damso/core/ports/signal";

export type BlobsData = Map<string, { stat: BlobStat; bytes: Uint8Array }>;

/** The store over `data`, which outlives it as a disk outlives a process. */
export function memoryBlobs(data: BlobsData = new Map()): Blobs {
  const find = (key: string, signal?: Signal) => {
    assertBlobKey(key);
    signal?.throwIfAborted();
    return data.get(key);
  };
  return {
    put: async (key, body, meta, signal) => {
      find(key, signal);
      const bytes = await collect(body, signal);
      const stat = { key, bytes: bytes.byteLength, ...meta };
      data.set(key, { stat, bytes });
      return { ...stat };
    },
    get: async (key, range, signal) => {
      const found = await Promise.resolve(find(key, signal));
      if (!found) return undefined;
      const current = () => data.get(key) === found;
      return { stat: { ...found.stat }, body: read(found.bytes, range, current) };
    },
    stat: async (key, signal) => {
      const found = await Promise.resolve(find(key, signal));
      return found && { ...found.stat };
    },
    remove: async (key, signal) => {
      find(key, signal);
      return await Promise.resolve(data.delete(key));
    },
    close: () => Promise.resolve(),
  };
}

async function collect(body: BlobBody, signal?: Signal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body instanceof Uint8Array ? [body] : body) {
    signal?.throwIfAborted();
    chunks.push(chunk.slice());
  }
  signal?.throwIfAborted();
  return new Uint8Array(Buffer.concat(chunks));
}

async function* read(
  bytes: Uint8Array,
  range: ByteRange = { start: 0 },
  isCurrent: () => boolean,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (!isCurrent()) throw new Error("the blob was replaced before it was read");
  const part = bytes.slice(range.start, range.end);
  // In two pieces, so that readers do not come to rely on one.
  const middle = part.byteLength >> 1;
  await Promise.resolve();
  if (middle > 0) yield part.subarray(0, middle);
  if (part.byteLength > 0) yield part.subarray(middle);
}
