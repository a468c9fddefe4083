/** Waiting that ends early when the client stops, so that nothing keeps the process alive. */
import type { Cancel, Environment } from "../environment.ts";

export type Pauses = {
  pause: (ms: number) => Promise<void>;
  end: () => void;
};

export function pauses({ setTimer }: Pick<Environment, "setTimer">): Pauses {
  const waiting = new Set<() => void>();
  let over = false;
  return {
    pause: (ms) =>
      new Promise((resolve) => {
        if (over) return resolve();
        const wake = (): void => {
          cancel();
          waiting.delete(wake);
          resolve();
        };
        const cancel: Cancel = setTimer(ms, wake);
        waiting.add(wake);
      }),
    end: () => {
      over = true;
      for (const wake of waiting) wake();
    },
  };
}
