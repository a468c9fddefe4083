/**
 * Addresses that are left alone for as long as their service has asked for. A row is due again for the first of its
 * devices, and other chats have rows of their own: none of them is a reason to ask too early. Rule N6.
 */
import { putNewest } from "@damso/protocol/bounded";

/** As long as a row waits at most. */
export const HOLD_MAX_MS = 3_600_000;
const ADDRESSES_MAX = 10_000;

export type Holds = {
  /** Milliseconds until the address may be sent to again; 0: now. */
  left(address: string): number;
  hold(address: string, ms: number): void;
};

/** Beyond a bound those that were held first may be asked too early. */
export function createHolds(now: () => number): Holds {
  const ends = new Map<string, number>();
  return {
    left(address) {
      const left = (ends.get(address) ?? 0) - now();
      if (left > 0 && left <= HOLD_MAX_MS) return left;
      // Over, or of a clock that was put back since.
      ends.delete(address);
      return 0;
    },
    hold(address, ms) {
      if (ms <= 0) return;
      putNewest(ends, address, now() + Math.min(ms, HOLD_MAX_MS), ADDRESSES_MAX);
    },
  };
}
