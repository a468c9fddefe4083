/** Two offers, each at the moment when it means something, one at a time, and never again once declined. */
import type { ReadonlySignal } from "@preact/signals";
import { computed, signal } from "@preact/signals";
import type { Host } from "./host.ts";
import type { Keep } from "./keep.ts";

/** `install` comes after the first message that was sent, `notify` after one that came while nobody looked. */
export type Hint = "install" | "install_by_menu" | "notify";

export type Hints = {
  hint: ReadonlySignal<Hint | undefined>;
  sent: () => void;
  missed: () => void;
  decline: () => void;
};

const SENT = "damso.hint.sent";
const MISSED = "damso.hint.missed";
const declined = (hint: string): string => `damso.hint.no.${hint}`;

export function createHints(host: Pick<Host, "install" | "permission">, keep: Keep): Hints {
  const sent = signal(keep.get(SENT) !== undefined);
  const missed = signal(keep.get(MISSED) !== undefined);
  const refused = signal(0);
  const may = (hint: string): boolean =>
    refused.value >= 0 && keep.get(declined(hint)) === undefined;
  const hint = computed((): Hint | undefined => {
    if (missed.value && host.permission.value === "default" && may("notify")) return "notify";
    const { value: install } = host.install;
    if (!sent.value || !may("install")) return undefined;
    if (install === "button") return "install";
    return install === "menu" ? "install_by_menu" : undefined;
  });
  const note = (seen: typeof sent, key: string): void => {
    if (seen.peek()) return;
    seen.value = true;
    keep.set(key, "yes");
  };
  return {
    hint,
    sent: () => note(sent, SENT),
    missed: () => note(missed, MISSED),
    decline: () => {
      const now = hint.peek();
      if (now === undefined) return;
      keep.set(declined(now === "notify" ? "notify" : "install"), "yes");
      refused.value += 1;
    },
  };
}
