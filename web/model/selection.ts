/** Messages that are chosen to be done something to together. */
import type { Message, Page, Seq } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { computed, signal } from "@preact/signals";

export type Selection = {
  /** Undefined while nothing is being chosen. */
  chosen: ReadonlySignal<ReadonlySet<Seq> | undefined>;
  /** The chosen ones that are drawn, ascending. */
  messages: ReadonlySignal<readonly Message[]>;
  toggle: (seq: Seq) => void;
  clear: () => void;
};

export function createSelection(page: ReadonlySignal<Page>): Selection {
  const chosen = signal<ReadonlySet<Seq> | undefined>(undefined);
  return {
    chosen,
    messages: computed(() => page.value.messages.filter(({ seq }) => chosen.value?.has(seq))),
    toggle: (seq) => {
      const next = new Set(chosen.peek());
      if (!next.delete(seq)) next.add(seq);
      chosen.value = next.size === 0 ? undefined : next;
    },
    clear: () => {
      chosen.value = undefined;
    },
  };
}
