/** Pauses between tries. */
import type { Environment } from "../environment.ts";

const FIRST_MS = 500;
const LONGEST_MS = 60_000;
/** Of an outage that is not a long one yet: who comes back to a server that is back must not take a minute for it. */
const LONG_MS = 16_000;
const LONG_AFTER = 20;

/**
 * Full jitter: a random share of 0.5 s doubled with every failure in a row, at most 16 s, and from the twentieth on at
 * most 60 s. Spreads a crowd that lost the same server; invariant I21 holds for outages of a minute or two.
 * Source: M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
 */
export function backoff(failures: number, random: number): number {
  const longest_ms = failures < LONG_AFTER ? LONG_MS : LONGEST_MS;
  return random * Math.min(longest_ms, FIRST_MS * 2 ** failures);
}

/** In [0, 1), in steps small enough for a pause. */
export function random({ randomBytes }: Pick<Environment, "randomBytes">): number {
  const [a = 0, b = 0] = randomBytes(2);
  return (a * 256 + b) / 65_536;
}
