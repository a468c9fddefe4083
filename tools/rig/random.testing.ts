/** Chance that a seed repeats, and client ids as devices with clocks of their own make them. */
import { uuidV7 } from "@damso/protocol/ids";
import type { ClientId } from "@damso/protocol/ids";

export type Random = {
  /** Uniform in [0, 1). */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
};

/** Mulberry32: 32 bits of state are enough to choose moments and letters. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[int(0, items.length - 1)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
  };
}

/** The seed that the environment names, else one of its own for each run. */
export function seedOf(variable: string): number {
  const given = process.env[variable];
  return given === undefined ? crypto.getRandomValues(new Uint32Array(1))[0]! : Number(given);
}

/** A number that the environment may raise. */
export function countOf(variable: string, usual: number): number {
  return Number(process.env[variable] ?? usual);
}

/** @param skew_ms how far the device's clock is ahead of ours */
export function newClientId(skew_ms = 0): ClientId {
  return uuidV7(Date.now() + skew_ms, crypto.getRandomValues(new Uint8Array(10)));
}
