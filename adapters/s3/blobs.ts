/** Blobs in an S3-compatible store: one object each, its bytes as they are. */
import type { S3Client } from "bun";
import type { Blobs, BlobStat } from "@damso/core/ports/blobs";
import { assertBlobKey } from "@damso/core/ports/blobs";
import type { Signal } from "@damso/core/ports/signal";
import { clientOf, parseAddress } from "./address.ts";
import { asFailure, failure, failureOf } from "./failure.ts";
import { decodeMeta, encodeMeta } from "./meta.ts";
import type { Version } from "./read.ts";
import { readBody } from "./read.ts";
import { send, within } from "./request.ts";
import { writeObject } from "./write.ts";

export type S3Options = {
  /** `http://key:secret@host:port/bucket?region=us-east-1`; the bucket has to be there. */
  url: string;
  /** How long the store may say nothing. */
  silence_ms?: number;
};

const SILENCE_MS = 30_000;

/** Errors: a `BlobsFailure`, also for an address, credentials or a bucket that are wrong. */
export async function openS3Blobs(options: S3Options): Promise<Blobs> {
  const address = parseAddress(options.url);
  const silence_ms = options.silence_ms ?? SILENCE_MS;
  const client = clientOf(address);
  await probe(client, silence_ms, `${address.endpoint}/${address.bucket}`);

  async function find(key: string, signal?: Signal): Promise<Version | undefined> {
    const object = objectOf(key);
    signal?.throwIfAborted();
    const { response, stop } = await send({ client, method: "HEAD", object, silence_ms });
    stop();
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw failureOf(response.status);
    return versionOf(key, object, response.headers);
  }

  return {
    put: async (key, body, meta, signal) => {
      const object = objectOf(key);
      signal?.throwIfAborted();
      const type = encodeMeta(meta);
      const bytes = await writeObject({ client, object, type, silence_ms }, body, signal);
      return { key, bytes, ...meta };
    },
    get: async (key, range, signal) => {
      const version = await find(key, signal);
      if (!version) return undefined;
      return { stat: version.stat, body: readBody(client, version, range, silence_ms, signal) };
    },
    stat: async (key, signal) => (await find(key, signal))?.stat,
    remove: async (key, signal) => {
      // The store deletes what is not there as gladly as what is.
      const version = await find(key, signal);
      if (!version) return false;
      const { object } = version;
      const { response, stop } = await send({ client, method: "DELETE", object, silence_ms });
      stop();
      if (!response.ok && response.status !== 404) throw failureOf(response.status);
      return true;
    },
    close: () => Promise.resolve(),
  };
}

/** Some stores keep objects as files, where one cannot be a folder of another; `!` is in no key. */
function objectOf(key: string): string {
  assertBlobKey(key);
  return key.replaceAll("/", "!");
}

function versionOf(key: string, object: string, headers: Headers): Version {
  const etag = headers.get("etag");
  if (etag === null) throw failure("unavailable", "the S3 store does not name versions (ETag)");
  const stat: BlobStat = {
    key,
    bytes: Number(headers.get("content-length")),
    ...decodeMeta(headers.get("content-type") ?? "", key),
  };
  return { stat, object, etag };
}

/** One listing proves the address, the credentials and the bucket. */
async function probe(client: S3Client, silence_ms: number, place: string): Promise<void> {
  try {
    await within(silence_ms, client.list({ maxKeys: 1 }));
  } catch (error) {
    const known = asFailure(error);
    if (known instanceof Error) known.message = `${place}: ${known.message}`;
    throw known;
  }
}
