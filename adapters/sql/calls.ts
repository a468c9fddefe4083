/** What every call of a relational engine has in common. */
import type { Signal } from "@damso/core/ports/signal";

/** `asFailure` puts what the engine threw into the port's words. */
export async function attempt<T>(
  work: () => Promise<T>,
  asFailure: (error: unknown) => unknown,
  signal?: Signal,
): Promise<T> {
  signal?.throwIfAborted();
  try {
    return await work();
  } catch (error) {
    throw asFailure(error);
  }
}

export type Bound = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets so many be under way or wait for their turn; one more gets what `overflow` makes (I20). */
export function createBound(waiting_max: number, overflow: () => Error): Bound {
  let waiting = 0;
  return async (work) => {
    if (waiting >= waiting_max) throw overflow();
    waiting++;
    try {
      return await work();
    } finally {
      waiting--;
    }
  };
}
