/** How many rows there are and a hash of all of them in which their order does not count, so that any two stores compare. */
import { createHash } from "node:crypto";

export type Total = { rows: number; sha256_sum: string };

export type Tally = { add(line: string): void; total(): Total };

const MODULUS = 2n ** 256n;

/** The sum of the SHA-256 of each line, modulo 2^256: a row that is there twice counts twice. */
export function createTally(): Tally {
  let rows = 0;
  let sum = 0n;
  return {
    add(line) {
      rows++;
      sum += BigInt(`0x${createHash("sha256").update(line).digest("hex")}`);
      if (sum >= MODULUS) sum -= MODULUS;
    },
    total: () => ({ rows, sha256_sum: sum.toString(16).padStart(64, "0") }),
  };
}
