/** What an S3 store and the way to it do wrong, in this program's words. */
import { certificateFault } from "../outbound/certificate.ts";

export type BlobsFailureCode =
  /** No answer, or one that says "later". A write may have happened. */
  | "unavailable"
  /** The key or its secret is wrong, or it may not do this. */
  | "credentials"
  /** Its certificate is refused. */
  | "certificate"
  /** The bucket is not there. */
  | "bucket"
  /** The address makes no sense. */
  | "address";

export type BlobsFailure = Error & { code: BlobsFailureCode };

export function failure(code: BlobsFailureCode, message: string, cause?: unknown): BlobsFailure {
  return Object.assign(new Error(message, { cause }), { code });
}

/** Codes of S3's error documents, as Bun puts them into `code`. */
const REFUSED = /^(AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|NotSignedUp|Forbidden)$/;
/** Of S3 and of Bun's own connection errors; the store answers a HEAD without a reason as `UnknownError`. */
const PASSING =
  /^(InternalError|ServiceUnavailable|SlowDown|RequestTimeout|UnknownError|.*(Connection|Connect|Timeout|Socket|ECONN|DNS).*)$/i;

/** Turns what Bun's client threw into a `BlobsFailure`; what was nobody's fault but ours is passed on. */
export function asFailure(error: unknown): unknown {
  if (!(error instanceof Error) || isBlobsFailure(error)) return error;
  const fault = certificateFault(error);
  if (fault !== undefined)
    return failure("certificate", `TLS with the S3 store fails: ${fault}`, error);
  const code = String((error as { code?: string | number }).code ?? "");
  if (REFUSED.test(code)) {
    return failure("credentials", `the S3 store refuses the credentials: ${code}`, error);
  }
  if (code === "NoSuchBucket") return failure("bucket", "the S3 store has no such bucket", error);
  if (PASSING.test(code)) {
    return failure("unavailable", `the S3 store does not answer: ${error.message}`, error);
  }
  return error;
}

/** The answer to a request of our own that is neither what was asked for nor `not found`. */
export function failureOf(status: number): BlobsFailure {
  const answer = `the S3 store answers ${status}`;
  return failure(status === 401 || status === 403 ? "credentials" : "unavailable", answer);
}

export function isBlobsFailure(error: unknown): error is BlobsFailure {
  if (!(error instanceof Error)) return false;
  const code: unknown = (error as Partial<BlobsFailure>).code;
  return (
    code === "unavailable" ||
    code === "credentials" ||
    code === "certificate" ||
    code === "bucket" ||
    code === "address"
  );
}
