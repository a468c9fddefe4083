/** How far an own message has come: told by shape, weight and words, and by colour only besides. */
import type { VNode } from "preact";
import type { Tick as TickName } from "../model/ticks.ts";
import { useStrings } from "./app-context.ts";

const CHECK = "M2 8.500l3.500 3.500L12 4.500";
const CHECKS = "M1 8.500L4.500 12 11 4.500M9 11l1 1 6.500-7.500";

const shapes: Record<TickName, string> = {
  waiting: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3.300l2 1.200",
  stored: CHECK,
  delivered: CHECKS,
  read: CHECKS,
  failed: "M8 3.500v5.500M8 12h.01",
};

export function Tick({ tick }: { tick: TickName }): VNode {
  const words = useStrings().tick[tick];
  return (
    <svg class={`tick tick-${tick}`} viewBox="0 0 18 16" role="img" aria-label={words}>
      <title>{words}</title>
      <path d={shapes[tick]} />
    </svg>
  );
}
