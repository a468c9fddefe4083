/** A body as a stream that the client takes from, watched from both sides. */
import type { Signal } from "@damso/core/ports/signal";
import { silent } from "./request.ts";

export type Source = {
  stream: ReadableStream<Uint8Array>;
  /** Resolves when the body has ended, well or not. */
  ended: Promise<void>;
  /** Rejects when the store takes nothing for this long; a body that brings nothing is not its fault. */
  stalled(silence_ms: number): Promise<never>;
  /** Of what the body brought. */
  bytes(): number;
  /** What the body threw: the client may report it in words of its own. */
  failure(): { error: unknown } | undefined;
  /** Nobody watches it any more. */
  leave(): void;
};

export function createSource(body: AsyncIterable<Uint8Array>, signal?: Signal): Source {
  const pieces = body[Symbol.asyncIterator]();
  const ended = Promise.withResolvers<void>();
  let bytes = 0;
  let failure: { error: unknown } | undefined;
  /** Since when the store has not asked for more; undefined while the body is asked. */
  let idle_since: number | undefined = performance.now();
  let timer: ReturnType<typeof setInterval> | undefined;

  async function next(): Promise<Uint8Array | undefined> {
    idle_since = undefined;
    const piece = await pieces.next();
    idle_since = performance.now();
    signal?.throwIfAborted();
    return piece.done === true ? undefined : piece.value;
  }

  async function pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      const piece = await next();
      if (piece) {
        bytes += piece.byteLength;
        controller.enqueue(piece);
        return;
      }
      controller.close();
    } catch (error) {
      failure = { error };
      controller.error(error);
    }
    ended.resolve();
  }

  return {
    stream: new ReadableStream<Uint8Array>({ pull }),
    ended: ended.promise,
    stalled: (silence_ms) =>
      new Promise((_, reject) => {
        timer = setInterval(() => {
          const silence = idle_since === undefined ? 0 : performance.now() - idle_since;
          if (silence > silence_ms) reject(silent(silence_ms));
        }, silence_ms / 4);
      }),
    bytes: () => bytes,
    failure: () => failure,
    leave: () => clearInterval(timer),
  };
}
