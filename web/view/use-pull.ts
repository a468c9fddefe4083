/** A message goes along with the finger that pulls it to the side, and is answered when it has gone far enough. */
import { useRef } from "preact/hooks";
import type { Swipe } from "../model/swipe.ts";
import { answers, beginSwipe, moveSwipe } from "../model/swipe.ts";
import type { Pull } from "./use-menu-triggers.ts";

/** Undefined where there is nothing to answer. */
export function usePull(answer: (() => void) | undefined): Pull | undefined {
  const swipe = useRef<Swipe | undefined>(undefined);
  if (answer === undefined) return undefined;
  return {
    begin: (x, y) => {
      swipe.current = beginSwipe(x, y);
    },
    move: (row, x, y) => {
      if (!swipe.current) return;
      const moved = moveSwipe(swipe.current, x, y);
      swipe.current = moved;
      row.classList.toggle("answers", answers(moved));
      row.style.setProperty("--pulled", `${moved.pulled}px`);
    },
    end: (row, let_go) => {
      const last = swipe.current;
      swipe.current = undefined;
      if (last?.way !== "sideways") return;
      if (let_go && answers(last)) answer();
      row.classList.remove("answers");
      row.style.removeProperty("--pulled");
    },
  };
}
