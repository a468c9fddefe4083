/** The keys of all blobs of a bucket, for whoever carries them elsewhere. */
import { S3Client } from "bun";
import { isBlobKey } from "@damso/core/ports/blobs";
import { parseAddress } from "./address.ts";
import type { S3Options } from "./blobs.ts";
import { asFailure } from "./failure.ts";

/** In pages, in any order. Objects that are nobody's blob are left out. Nobody may write meanwhile. */
export async function* listS3Blobs({ url }: S3Options): AsyncGenerator<string[], void, undefined> {
  const address = parseAddress(url);
  const client = new S3Client({
    endpoint: address.endpoint,
    bucket: address.bucket,
    region: address.region,
    accessKeyId: address.access_key,
    secretAccessKey: address.secret_key,
  });
  let continuationToken: string | undefined;
  do {
    const page = await client
      .list(continuationToken === undefined ? {} : { continuationToken })
      .catch((error: unknown) => {
        throw asFailure(error);
      });
    const keys = (page.contents ?? []).map(({ key }) => key.replaceAll("!", "/"));
    yield keys.filter(isBlobKey);
    continuationToken = page.isTruncated ? page.nextContinuationToken : undefined;
  } while (continuationToken !== undefined);
}
