/** The platform's clock and timers, as the arguments that everything else takes. */
import type { Clock } from "@damso/core/ports/clock";
import type { Timers } from "./gateway/timers.ts";

export const systemClock: Clock = { now: () => Date.now() };

export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  soon(run) {
    // Behind the reactions to promises that were settled before: a commit settles all its requests in one loop.
    queueMicrotask(() => queueMicrotask(run));
  },
};

/** Runs `run` every `ms` until the answer is called. Never keeps the process alive by itself. */
export function every(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms);
  timer.unref();
  return () => clearInterval(timer);
}
