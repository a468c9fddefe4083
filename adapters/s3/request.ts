/**
 * Requests that Bun's client cannot make: with a condition, a range, a deadline. It signs their addresses instead, for
 * this process only and for a minute.
 */
import type { S3Client } from "bun";
import { failure, isBlobsFailure } from "./failure.ts";

export type Request = {
  client: S3Client;
  method: "GET" | "HEAD" | "DELETE";
  object: string;
  headers?: Record<string, string>;
  /** Of silence, not of the whole. */
  silence_ms: number;
};

export type Answer = { response: Response; stop(this: void): void };

const SIGNED_S = 60;

/** Resolves with the head of the answer. Errors: a `BlobsFailure` when there is none in time. */
export async function send(request: Request): Promise<Answer> {
  const { client, method, object, headers = {}, silence_ms } = request;
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(silent(silence_ms)), silence_ms);
  try {
    const url = client.presign(object, { method, expiresIn: SIGNED_S });
    const response = await fetch(url, { method, headers, signal: controller.signal });
    return { response, stop: () => controller.abort() };
  } catch (error) {
    throw isBlobsFailure(error) ? error : unanswered(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Without what it came from: there stands the signed address, and errors are printed. */
function unanswered(error: unknown): Error {
  const { code, message } = error as Error & { code?: string | number };
  return failure("unavailable", `the S3 store does not answer: ${String(code ?? message)}`);
}

/** The rest of an answer, piece by piece. */
export async function* readPieces(
  { response, stop }: Answer,
  silence_ms: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const next = reader && (await within(silence_ms, reader.read()));
      if (!next || next.done) return;
      yield next.value as Uint8Array;
    }
  } catch (error) {
    throw isBlobsFailure(error) ? error : unanswered(error);
  } finally {
    stop();
  }
}

/** What was asked for, or `unavailable` when it takes longer. */
export async function within<T>(silence_ms: number, asked: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(silent(silence_ms)), silence_ms);
  try {
    return await Promise.race([asked, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

export function silent(silence_ms: number): Error {
  return failure("unavailable", `the S3 store has been silent for ${silence_ms} ms`);
}
