/**
 * Bugs that the simulator found in the product, each with a seed that shows it. A change of the simulator or of what
 * happens in a run gives the seeds other runs: `npm run simulate:mutations -- --pin` looks for new ones.
 */
import type { Wiring } from "../plan.ts";

export type Pinned = { mutation: string; seed: number; wiring: Wiring };

export const PINNED: readonly Pinned[] = [];
