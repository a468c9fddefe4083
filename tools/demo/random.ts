/** Random choices that a seed repeats. */
export type Random = {
  /** 0 <= x < 1. */
  next: () => number;
  /** True in this share of calls. */
  chance: (share: number) => boolean;
  /** One of several. Throws when there is none. */
  pick: <T>(from: readonly T[]) => T;
  shuffle: <T>(items: readonly T[]) => T[];
};

/** Mulberry32 by Tommy Ettinger: small, fast, and good enough for a play. */
export function random(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const pick = <T>(from: readonly T[]): T => {
    const chosen = from[Math.floor(next() * from.length)];
    if (chosen === undefined) throw new Error("nothing to pick from");
    return chosen;
  };
  const shuffle = <T>(items: readonly T[]): T[] => {
    const left = [...items];
    return items.map(() => left.splice(Math.floor(next() * left.length), 1)[0] as T);
  };
  return { next, chance: (share) => next() < share, pick, shuffle };
}

/** A seed of its own for each part of a run, from the one that was given. */
export function seedFor(seed: number, part: string): number {
  let hash = seed ^ 0x811c9dc5;
  for (const unit of part) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
