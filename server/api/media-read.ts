/** A stored file as an answer. Rules M2, M3. */
import type { Blobs, BlobStat, ByteRange } from "@damso/core/ports/blobs";
import { refusal } from "@damso/protocol/codes";
import type { Refusal } from "@damso/protocol/codes";
import { parseMediaId } from "@damso/protocol/http/media";
import { problemResponse } from "./response.ts";

export const NO_FILE: Refusal = refusal("not_found", "no such file");

/** Where the file of an id lies. The id was parsed before: anything else is a bug. */
export function keyOf(id: string): string {
  const parts = parseMediaId(id);
  if (!parts) throw new Error("not the id of a file");
  return `media/${parts.owner}/${parts.secret}`;
}

/** The whole, or the one range that is asked for (RFC 9110 section 14.2): players seek that way. */
export async function download(blobs: Blobs, id: string, request: Request): Promise<Response> {
  if (!parseMediaId(id)) return problemResponse(NO_FILE);
  if (request.method === "HEAD") return await describe(blobs, id);
  const range = rangeOf(request.headers.get("range"));
  const found = await blobs.get(keyOf(id), range);
  if (!found) return problemResponse(NO_FILE);
  const { bytes } = found.stat;
  if (range && range.start >= bytes)
    return new Response(null, { status: 416, headers: { "content-range": `bytes */${bytes}` } });
  const headers = mediaHeaders(found.stat);
  const start = range?.start ?? 0;
  const end = Math.min(range?.end ?? bytes, bytes);
  headers.set("content-length", String(end - start));
  if (range) headers.set("content-range", `bytes ${start}-${end - 1}/${bytes}`);
  return new Response(streamOf(found.body), { status: range ? 206 : 200, headers });
}

/**
 * What GET says of the whole: a range means something to GET only (RFC 9110 section 14.2). It has no body, because the
 * router answers HEAD by dropping that of GET without a word to it.
 */
async function describe(blobs: Blobs, id: string): Promise<Response> {
  const stat = await blobs.stat(keyOf(id));
  return stat ? new Response(null, { headers: mediaHeaders(stat) }) : problemResponse(NO_FILE);
}

const RANGE = /^bytes=(\d{1,15})-(\d{0,15})$/;

/** Undefined for what is no range, or one that ends before it begins: then the whole is the answer. */
function rangeOf(header: string | null): ByteRange | undefined {
  const [, first = "", last = ""] = RANGE.exec(header ?? "") ?? [];
  if (first === "") return undefined;
  const start = Number(first);
  if (last === "") return { start };
  return Number(last) < start ? undefined : { start, end: Number(last) + 1 };
}

/**
 * Opened when it is first read, closed when the reader goes away. It reads nothing ahead: what nobody reads is not opened,
 * for there would be nobody to close it.
 */
export function streamOf(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  let isCancelled = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (isCancelled) return;
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        isCancelled = true;
        // A piece that is being read is waited for first, so what it opened is closed, too.
        await pieces.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** What somebody uploaded is never a page of this host: no script runs in it, and its type is not guessed. */
function mediaHeaders({ bytes, content_type }: BlobStat): Headers {
  const headers = new Headers({
    "content-type": content_type,
    "content-length": String(bytes),
    "accept-ranges": "bytes",
    // The bytes of an id never change; only this browser keeps them, because they are for whoever is signed in.
    "cache-control": "private, max-age=31536000, immutable",
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "access-control-allow-origin": "*",
  });
  if (content_type === "application/octet-stream") headers.set("content-disposition", "attachment");
  return headers;
}
