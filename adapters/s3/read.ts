/** The bytes of an object, of the version that was looked at and no other. */
import type { S3Client } from "bun";
import type { BlobStat, ByteRange } from "@damso/core/ports/blobs";
import type { Signal } from "@damso/core/ports/signal";
import { failureOf } from "./failure.ts";
import type { Answer } from "./request.ts";
import { readPieces, send } from "./request.ts";

export type Version = { stat: BlobStat; object: string; etag: string };

/** Asks the store at the first read. One answer is of one version from its first byte to its last. */
export async function* readBody(
  client: S3Client,
  { stat, object, etag }: Version,
  range: ByteRange = { start: 0 },
  silence_ms: number,
  signal?: Signal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const end = Math.min(range.end ?? stat.bytes, stat.bytes);
  const wanted = end - range.start;
  if (wanted <= 0) return;
  const whole = wanted === stat.bytes;
  const headers = {
    "If-Match": etag,
    ...(!whole && { Range: `bytes=${range.start}-${end - 1}` }),
  };
  const answer = await send({ client, method: "GET", object, headers, silence_ms });
  assertVersion(answer, stat.key, etag, whole ? 200 : 206);
  let bytes = 0;
  for await (const piece of readPieces(answer, silence_ms)) {
    signal?.throwIfAborted();
    bytes += piece.byteLength;
    yield piece;
  }
  if (bytes !== wanted) throw new Error(`the blob ${stat.key} ends early`);
}

/** Not every store knows `If-Match`, so what it sends is looked at as well. */
function assertVersion({ response, stop }: Answer, key: string, etag: string, ok: number): void {
  const { status, headers } = response;
  if (status === ok && headers.get("etag") === etag) return;
  stop();
  if ([ok, 200, 206, 404, 412, 416].includes(status)) {
    throw new Error(`the blob ${key} was replaced before it was read`);
  }
  throw failureOf(status);
}
