/** A bucket of its own for each test, in the server of the run. */
import { createBucket, freshName, s3Server } from "@damso/tools/services/services";
import type { S3Address } from "@damso/tools/services/services";

/** It ends with the process. */
const server = await s3Server();

/** The address of a new bucket, as the adapter takes it. */
export function freshBucket(at: S3Address = server): string {
  const bucket = freshName("blobs");
  createBucket(at, bucket);
  return urlOf(at, bucket);
}

export function urlOf(at: S3Address, bucket: string): string {
  const url = new URL(at.endpoint);
  url.username = at.access_key;
  url.password = at.secret_key;
  url.pathname = `/${bucket}`;
  url.searchParams.set("region", at.region);
  return url.href;
}
