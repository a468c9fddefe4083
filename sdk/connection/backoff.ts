/** Pauses between tries. */
import type { Environment } from "../environment.ts";

const FIRST_MS = 500;
const LONGEST_MS = 60_000;

/**
 * Full jitter: a random share of 0.5 s doubled with every failure in a row, at most 60 s. Spreads a crowd that lost
 * the same server. Source: M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
 */
export function backoff(failures: number, random: number): number {
  return Math.round(random * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 16)));
}

/** In [0, 1), in steps small enough for a pause. */
export function random({ randomBytes }: Pick<Environment, "randomBytes">): number {
  const [a = 0, b = 0] = randomBytes(2);
  return (a * 256 + b) / 65_536;
}
