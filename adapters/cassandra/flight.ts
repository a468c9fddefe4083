/** Bounds how many requests are under way at once; the next ones wait in a queue that has an end (I20). */
export type Flight = { run<T>(work: () => Promise<T>): Promise<T> };

/** `overflow` makes the error for the one that found the queue full. */
export function createFlight(
  at_once_max: number,
  waiting_max: number,
  overflow: () => Error,
): Flight {
  let flying = 0;
  const waiting: (() => void)[] = [];

  async function enter(): Promise<void> {
    if (flying < at_once_max) {
      flying++;
      return;
    }
    if (waiting.length >= waiting_max) throw overflow();
    // Whoever leaves hands over its place, so that nobody overtakes the queue.
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else flying--;
  }

  return {
    async run(work) {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
