import { useEffect, useState } from "preact/hooks";
import type { Composer } from "../model/composer.ts";

type Mentions = {
  /** Which of the candidates the keys have reached; -1 when there are none. */
  active: number;
  onKey: (event: KeyboardEvent) => boolean;
};

/** Walking through the candidates of a mention while the focus stays in the field. */
export function useMentions(composer: Composer): Mentions {
  const candidates = composer.candidates.value;
  const [index, setIndex] = useState(0);
  useEffect(() => setIndex(0), [candidates]);
  const active = candidates.length === 0 ? -1 : Math.min(index, candidates.length - 1);

  function onKey(event: KeyboardEvent): boolean {
    const candidate = candidates[active];
    if (candidate === undefined || event.isComposing) return false;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step !== undefined) setIndex((active + step + candidates.length) % candidates.length);
    else if (event.key === "Enter" || event.key === "Tab") composer.choose(candidate);
    else if (event.key === "Escape") composer.dismissCandidates();
    else return false;
    event.preventDefault();
    return true;
  }
  return { active, onKey };
}
