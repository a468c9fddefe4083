/** How often each fault was injected and each rare path was taken: a run that never got there has proved nothing about it. */
export type Tally = {
  /** An injected fault. */
  fault(kind: string, count?: number): void;
  /** Something that happens only sometimes, and must happen in a sweep. */
  sometimes(what: string, count?: number): void;
  faults(): Record<string, number>;
  paths(): Record<string, number>;
};

/** Counts from nothing. */
export function createTally(): Tally {
  const faults: Record<string, number> = {};
  const paths: Record<string, number> = {};
  const add = (to: Record<string, number>, key: string, count: number): void => {
    to[key] = (to[key] ?? 0) + count;
  };
  return {
    fault: (kind, count = 1) => add(faults, kind, count),
    sometimes: (what, count = 1) => add(paths, what, count),
    faults: () => faults,
    paths: () => paths,
  };
}
