import { useRef, useState } from "preact/hooks";
import type { Composer } from "../model/composer.ts";

type Mentions = {
  /** Which of the candidates the keys have reached; -1 when there are none. */
  active: number;
  /** Walks through the candidates; true when it took the key. */
  onKey: (event: KeyboardEvent) => boolean;
  /** Chooses the active candidate; false when there is none. */
  take: () => boolean;
};

/** Walking through the candidates of a mention while the focus stays in the field. */
export function useMentions(composer: Composer): Mentions {
  const candidates = composer.candidates.value;
  const [place, setPlace] = useState({ candidates, index: 0 });
  // Other candidates begin at their first.
  const index = place.candidates === candidates ? place.index : 0;
  const active = candidates.length === 0 ? -1 : index;
  const current = useRef(active);
  current.current = active;

  function onKey(event: KeyboardEvent): boolean {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (active < 0 || event.isComposing) return false;
    if (step !== undefined) {
      setPlace({ candidates, index: (active + step + candidates.length) % candidates.length });
    } else if (event.key === "Escape") composer.dismissCandidates();
    else if (event.key !== "Tab" || event.shiftKey || !take()) return false;
    event.preventDefault();
    return true;
  }

  function take(): boolean {
    const now = composer.candidates.peek();
    const candidate = now[Math.min(Math.max(current.current, 0), now.length - 1)];
    if (candidate === undefined) return false;
    composer.choose(candidate);
    return true;
  }
  return { active, onKey, take };
}
