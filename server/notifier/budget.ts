/** How much one device may be sent: a burst, then so many a second. Beyond it pushes are due later. Rule N12. */

const BURST = 30;
const PER_SECOND = 1;
const DEVICES_MAX = 50_000;

type Bucket = { left: number; at: number };

export type Budget = {
  /** 0: it may be sent, and is counted; else how long to wait, in ms. */
  take(device: string): number;
};

export function createBudget(now: () => number): Budget {
  const buckets = new Map<string, Bucket>();
  return {
    take(device) {
      const bucket = refilled(buckets.get(device), now());
      // Those used longest ago are full again by now.
      buckets.delete(device);
      buckets.set(device, bucket);
      for (const oldest of buckets.keys()) {
        if (buckets.size <= DEVICES_MAX) break;
        buckets.delete(oldest);
      }
      if (bucket.left < 1) return Math.ceil(((1 - bucket.left) / PER_SECOND) * 1000);
      bucket.left--;
      return 0;
    },
  };
}

function refilled(bucket: Bucket | undefined, now: number): Bucket {
  if (!bucket) return { left: BURST, at: now };
  const gained = (Math.max(0, now - bucket.at) / 1000) * PER_SECOND;
  return { left: Math.min(BURST, bucket.left + gained), at: now };
}
