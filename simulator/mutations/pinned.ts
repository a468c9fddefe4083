/**
 * Bugs that the simulator found in the product, and others like them, each with a seed that shows it. A change of the
 * simulator or of what happens in a run gives the seeds other runs: `npm run simulate:mutations -- --pin` looks for new ones.
 */
import type { Wiring } from "../plan.ts";

export type Pinned = { mutation: string; seed: number; wiring: Wiring };

export const PINNED: readonly Pinned[] = [
  { mutation: "history-head-not-committed", seed: 3, wiring: "single" },
  { mutation: "overtaken-event-pushed", seed: 8, wiring: "sharded" },
  { mutation: "memory-kept-after-failure", seed: 7, wiring: "single" },
  { mutation: "exchange-before-commit", seed: 8, wiring: "sharded" },
  { mutation: "live-before-commit", seed: 1, wiring: "single" },
];
