/** The checkers of a run, and what they need to look at when it is at rest. */
import { createCheckers } from "./checkers/checkers.ts";
import type { Witness } from "./checkers/witness.ts";
import { START_MS } from "./kernel/host.ts";
import type { Plan } from "./plan.ts";
import type { World } from "./world.ts";

export type Judge = {
  witness: Witness;
  faults(): string[];
  rest(world: World): void;
  counts(): Record<string, number>;
};

export function judge({ now, plan }: { now(): number; plan: Plan }): Judge {
  const checkers = createCheckers({
    now: () => START_MS + now(),
    coalesced: plan.wiring === "sharded",
    revoke_grace_ms: plan.wiring === "sharded" ? 61_000 : 1000,
  });
  return {
    witness: checkers.witness,
    faults: () => checkers.faults().map(({ rule, what }) => `[${rule}] ${what}`),
    rest() {},
    counts: () => checkers.counts(),
  };
}
