/** Where one was before jumping to a message elsewhere in the chat: the way back. */
import type { Seq } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { computed, signal } from "@preact/signals";

const STEPS_MAX = 20;

export type Trail = {
  /** Whether there is a way back. */
  open: ReadonlySignal<boolean>;
  leave: (from: Seq) => void;
  /** Where to go back to; taken off the trail. */
  back: () => Seq | undefined;
  forget: () => void;
};

export function createTrail(): Trail {
  const steps = signal<readonly Seq[]>([]);
  return {
    open: computed(() => steps.value.length > 0),
    leave: (from) => {
      if (steps.peek().at(-1) !== from) steps.value = [...steps.peek(), from].slice(-STEPS_MAX);
    },
    back: () => {
      const last = steps.peek().at(-1);
      steps.value = steps.peek().slice(0, -1);
      return last;
    },
    forget: () => {
      steps.value = [];
    },
  };
}
