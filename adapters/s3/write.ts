/** An object on its way to the store: visible when all of it is there. */
import type { S3Client } from "bun";
import type { BlobBody } from "@damso/core/ports/blobs";
import type { Signal } from "@damso/core/ports/signal";
import { asFailure } from "./failure.ts";
import { within } from "./request.ts";
import { createSource } from "./source.ts";

export type Write = { client: S3Client; object: string; type: string; silence_ms: number };

/** Answers how many bytes it has. Rejects with what the body threw, or with a `BlobsFailure`. */
export async function writeObject(write: Write, body: BlobBody, signal?: Signal): Promise<number> {
  try {
    if (!(body instanceof Uint8Array)) return await writeStream(write, body, signal);
    const { client, object, type, silence_ms } = write;
    return await within(silence_ms, client.write(object, body, { type }));
  } catch (error) {
    throw asFailure(error);
  }
}

/**
 * A short body is one request; a long one goes in parts, which become an object by the last request, and which Bun takes
 * back when the stream fails.
 */
async function writeStream(
  { client, object, type, silence_ms }: Write,
  body: AsyncIterable<Uint8Array>,
  signal?: Signal,
): Promise<number> {
  const source = createSource(body, signal);
  const writing = client.write(object, new Response(source.stream), { type });
  // Looked at below; when the body or the store has failed before, it rejects behind that.
  writing.catch(() => {});
  try {
    await Promise.race([source.ended, writing, source.stalled(silence_ms)]);
    const failed = source.failure();
    if (failed) throw failed.error;
    await within(silence_ms, writing);
    return source.bytes();
  } finally {
    source.leave();
  }
}
