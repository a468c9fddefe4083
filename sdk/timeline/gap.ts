/** Which events to apply. Rule D17: apply one iff it is the next, ignore what is behind, note what is ahead. */
import type { Pos } from "@damso/protocol";

/** `local`: applied up to here. `known`: the highest position seen anywhere. */
export type Gap = { local: Pos; known: Pos };

/** The events that are next, one after the other, and the gap after them. */
export function admit<E extends { pos: Pos }>(
  gap: Gap,
  events: readonly E[],
): { gap: Gap; next: E[] } {
  let { local, known } = gap;
  const next: E[] = [];
  for (const event of events) {
    known = Math.max(known, event.pos);
    if (event.pos !== local + 1) continue;
    local = event.pos;
    next.push(event);
  }
  return { gap: { local, known }, next };
}
