/** Where a bucket is, as one text: `http://key:secret@host:port/bucket?region=us-east-1`. */
import { S3Client } from "bun";
import { failure } from "./failure.ts";

export type S3Address = {
  endpoint: string;
  bucket: string;
  region: string;
  access_key: string;
  secret_key: string;
};

/** What stores that have no regions expect. */
const REGION = "us-east-1";

/** Throws a `BlobsFailure` of code `address`; it does not repeat the text, which holds a secret. */
export function parseAddress(text: string): S3Address {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const bucket = /^\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/.exec(url?.pathname ?? "")?.[1];
  if (!url || !/^https?:$/.test(url.protocol) || bucket === undefined || url.password === "") {
    throw failure("address", "the address of the S3 store is not http://key:secret@host/bucket");
  }
  return {
    endpoint: url.origin,
    bucket,
    region: url.searchParams.get("region") ?? REGION,
    access_key: decodeURIComponent(url.username),
    secret_key: decodeURIComponent(url.password),
  };
}

export function clientOf(address: S3Address): S3Client {
  return new S3Client({
    endpoint: address.endpoint,
    bucket: address.bucket,
    region: address.region,
    accessKeyId: address.access_key,
    secretAccessKey: address.secret_key,
  });
}
