/**
 * The store of media: whole objects under a key, written once in full or not at all.
 * One contract suite for every engine (`contracts/blobs.ts`).
 */
import type { Signal } from "./signal.ts";

export type BlobStat = {
  key: string;
  bytes: number;
  content_type: string;
  /** ms since 1970 */
  created_at: number;
};

/** Bytes `start` to `end`, `end` not included; beyond the object's end is cut off. */
export type ByteRange = { start: number; end?: number };

export type BlobBody = Uint8Array | AsyncIterable<Uint8Array>;

export type Blobs = {
  /**
   * Stores the object, replacing one of the same key, and resolves when it is durable. When the body fails or the
   * signal aborts, it rejects and the key holds what it held before.
   */
  put(
    key: string,
    body: BlobBody,
    meta: { content_type: string; created_at: number },
    signal?: Signal,
  ): Promise<BlobStat>;
  /**
   * The object, or a part of it. The body is opened when it is first read: by then the object may be gone or replaced,
   * and the read rejects. A read that has begun is of one version to its end.
   */
  get(
    key: string,
    range?: ByteRange,
    signal?: Signal,
  ): Promise<{ stat: BlobStat; body: AsyncIterable<Uint8Array> } | undefined>;
  stat(key: string, signal?: Signal): Promise<BlobStat | undefined>;
  /** True when there was one. */
  remove(key: string, signal?: Signal): Promise<boolean>;
  close(): Promise<void>;
};

const KEY = /^[a-z0-9][a-z0-9_-]*(?:[./][a-z0-9][a-z0-9_-]*)*$/;

/**
 * Keys are 1 to 200 of `a-z 0-9 _ - . /` in non-empty parts that begin with a letter or digit: safe on every file
 * system (no case, no `..`, no absolute path) and in every URL.
 */
export function isBlobKey(key: string): boolean {
  return key.length <= 200 && KEY.test(key);
}

/** A bad key is a bug of the caller: keys are made by the server. */
export function assertBlobKey(key: string): void {
  if (!isBlobKey(key)) throw new Error(`not a blob key: ${JSON.stringify(key.slice(0, 80))}`);
}
