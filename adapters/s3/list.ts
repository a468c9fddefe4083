/** The keys of all blobs of a bucket, for whoever carries them elsewhere. */
import { isBlobKey } from "@damso/core/ports/blobs";
import { clientOf, parseAddress } from "./address.ts";
import type { S3Options } from "./blobs.ts";
import { asFailure } from "./failure.ts";

/** In pages, in any order. Objects that are nobody's blob are left out. Nobody may write meanwhile. */
export async function* listS3Blobs({ url }: S3Options): AsyncGenerator<string[], void, undefined> {
  const client = clientOf(parseAddress(url));
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
