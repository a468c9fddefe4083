/** What the checkers found: a bounded list, so that one broken run does not drown its first cause. */

/** An invariant of spec/invariants.md, and what broke it in words that lead to the place. */
export type Rule = `I${number}`;
export type Fault = { rule: Rule; what: string };

export type Faults = {
  add(rule: Rule, what: string): void;
  list(): readonly Fault[];
  /** All that were found, kept or not. */
  total(): number;
  /** While history is read back nothing is judged: it was judged when it was made. */
  silently(work: () => void): void;
};

const KEPT = 50;

/** `found` hears of each at the moment it is found. */
export function createFaults(
  kept: number = KEPT,
  found: (rule: Rule, what: string) => void = () => {},
): Faults {
  const faults: Fault[] = [];
  let total = 0;
  let silent = false;
  return {
    add(rule, what) {
      if (silent) return;
      total++;
      found(rule, what);
      if (faults.length < kept) faults.push({ rule, what });
    },
    list: () => faults,
    total: () => total,
    silently(work) {
      silent = true;
      work();
      silent = false;
    },
  };
}
