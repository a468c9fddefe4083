/** A bounded number of jobs at a time, a bounded queue before them, and `busy` for everyone else. Invariant I20. */
import type { Clock } from "@damso/core/ports/clock";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";

export type Turns = {
  /** Runs the job when its turn comes. An abort while it waits rejects with the signal's reason. */
  run<T>(job: () => Promise<T>, signal?: AbortSignal): Promise<Result<T>>;
};

export type TurnsOptions = { running_max: number; waiting_max: number; clock: Clock };

export function createTurns({ running_max, waiting_max, clock }: TurnsOptions): Turns {
  const waiting = new Set<() => void>();
  let running = 0;
  /** How long a job takes, the later ones counting more. */
  let job_ms = 100;

  const enter = async (signal?: AbortSignal): Promise<void> => {
    if (running < running_max) running++;
    // Whoever leaves hands its place on, so `running` stays as it is.
    else await waitFor(waiting, signal);
  };
  const leave = (): void => {
    const [next] = waiting;
    if (!next) running--;
    else {
      waiting.delete(next);
      next();
    }
  };

  return {
    run: async (job, signal) => {
      signal?.throwIfAborted();
      if (running >= running_max && waiting.size >= waiting_max) {
        const wait_ms = Math.ceil((job_ms * waiting.size) / running_max);
        return refuse("busy", undefined, wait_ms);
      }
      await enter(signal);
      const began = clock.now();
      try {
        return done(await job());
      } finally {
        job_ms = 0.8 * job_ms + 0.2 * Math.max(0, clock.now() - began);
        leave();
      }
    },
  };
}

/** Resolves when called from the queue; an abort leaves the queue. */
function waitFor(queue: Set<() => void>, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      queue.delete(enter);
      reject(signal?.reason as Error);
    };
    const enter = (): void => {
      signal?.removeEventListener("abort", leave);
      resolve();
    };
    queue.add(enter);
    signal?.addEventListener("abort", leave, { once: true });
  });
}
