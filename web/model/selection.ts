/** Messages that are chosen to be done something to together. */
import type { Message, Page, Seq } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { computed, signal } from "@preact/signals";

export type Selection = {
  /** Undefined while nothing is being chosen. */
  chosen: ReadonlySignal<ReadonlySet<Seq> | undefined>;
  /** Ascending; those that are not drawn any more as they were when they were chosen. */
  messages: ReadonlySignal<readonly Message[]>;
  toggle: (seq: Seq) => void;
  clear: () => void;
};

export function createSelection(page: ReadonlySignal<Page>): Selection {
  const chosen = signal<ReadonlySet<Seq> | undefined>(undefined);
  const known = new Map<Seq, Message>();
  return {
    chosen,
    messages: computed(() => {
      for (const message of page.value.messages) {
        if (chosen.value?.has(message.seq)) known.set(message.seq, message);
      }
      return [...(chosen.value ?? [])]
        .toSorted((a, b) => a - b)
        .flatMap((seq) => known.get(seq) ?? []);
    }),
    toggle: (seq) => {
      const next = new Set(chosen.peek());
      const drawn = page.peek().messages.find((message) => message.seq === seq);
      if (drawn) known.set(seq, drawn);
      if (!next.delete(seq)) next.add(seq);
      chosen.value = next.size === 0 ? undefined : next;
    },
    clear: () => {
      chosen.value = undefined;
    },
  };
}
