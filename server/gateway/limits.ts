/**
 * Token buckets per device: a burst, then a steady rate. Buckets outlive sockets, so reconnecting buys nothing;
 * the socket and its HTTP twin take from the same ones. Rule P20.
 */
import type { Clock } from "@damso/core/ports/clock";
import { LIMITS } from "@damso/protocol/limits";

export type RateLimits = {
  readonly on: boolean;
  /** Takes one token of the device: 0 when there was one, else the milliseconds until there is. */
  take(device_id: string): number;
  /** Forgets the buckets that are full again, which changes nothing for anyone. */
  sweep(): void;
};

export type RateLimitOptions = { on: boolean; burst?: number; per_second?: number };

export function createRateLimits(clock: Clock, options: RateLimitOptions): RateLimits {
  if (!options.on) return { on: false, take: () => 0, sweep: () => {} };
  const burst = options.burst ?? LIMITS.sends_burst;
  const per_ms = (options.per_second ?? LIMITS.sends_per_second) / 1000;
  const buckets = new Map<string, { tokens: number; at: number }>();

  const tokens = (bucket: { tokens: number; at: number }, now: number): number =>
    // A clock that stepped back gives nothing and takes nothing.
    Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) * per_ms);

  return {
    on: true,
    take(device_id) {
      const now = clock.now();
      const bucket = buckets.get(device_id);
      if (!bucket) {
        buckets.set(device_id, { tokens: burst - 1, at: now });
        return 0;
      }
      bucket.tokens = tokens(bucket, now);
      bucket.at = now;
      if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / per_ms);
      bucket.tokens -= 1;
      return 0;
    },
    sweep() {
      const now = clock.now();
      for (const [device_id, bucket] of buckets) {
        if (tokens(bucket, now) >= burst) buckets.delete(device_id);
      }
    },
  };
}
