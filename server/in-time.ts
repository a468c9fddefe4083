/** Waiting for what may take too long. */
import type { Timers } from "./gateway/timers.ts";

/** What the work comes to, or after `ms` what `late` says: the work's signal is aborted then. */
export async function inTime<T>(
  timers: Pick<Timers, "after">,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  late: () => T | Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const { promise, resolve } = Promise.withResolvers<T>();
  const cancel = timers.after(ms, () => {
    // First: what comes of being aborted is not the answer.
    resolve(late());
    abort.abort();
  });
  try {
    return await Promise.race([work(abort.signal), promise]);
  } finally {
    cancel();
  }
}
