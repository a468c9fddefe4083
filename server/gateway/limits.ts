/**
 * Token buckets per device: a burst, then a steady rate. Buckets outlive sockets, so reconnecting buys nothing;
 * the socket and its HTTP twin take from the same ones. Rule P20.
 */
import type { Clock } from "@damso/core/ports/clock";
import { LIMITS } from "@damso/protocol/limits";

export type Rate = { burst: number; per_second: number };

export type DeviceBuckets = {
  /** Takes what a request costs, at most a burst: 0 when the device had it, else the milliseconds until it has. */
  take(device_id: string, cost?: number): number;
};

export type RateLimits = {
  readonly on: boolean;
  /** What all members of a channel see. */
  readonly sends: DeviceBuckets;
  /** Everything else: reads, and what a user changes about himself. */
  readonly requests: DeviceBuckets;
  /** Forgets the buckets that are full again, which changes nothing for anyone. */
  sweep(): void;
};

/**
 * A group that is opened is asked for at the homes of up to a hundred members. This many requests for it leave room for
 * 60 groups at once and ten a second, which is faster than anybody looks at them.
 */
const OPEN_GROUP_COST = 5;

export function openCost(channel: string): number {
  return channel.startsWith("g") ? OPEN_GROUP_COST : 1;
}

export type RateLimitOptions = { on: boolean; sends?: Rate; requests?: Rate };

const SENDS: Rate = { burst: LIMITS.sends_burst, per_second: LIMITS.sends_per_second };
const REQUESTS: Rate = { burst: LIMITS.requests_burst, per_second: LIMITS.requests_per_second };
const UNLIMITED: DeviceBuckets = { take: () => 0 };

export function createRateLimits(clock: Clock, options: RateLimitOptions): RateLimits {
  if (!options.on) return { on: false, sends: UNLIMITED, requests: UNLIMITED, sweep: () => {} };
  const sends = createBuckets(clock, options.sends ?? SENDS);
  const requests = createBuckets(clock, options.requests ?? REQUESTS);
  return {
    on: true,
    sends,
    requests,
    sweep() {
      sends.sweep();
      requests.sweep();
    },
  };
}

type Bucket = { tokens: number; at: number };

function createBuckets(
  clock: Clock,
  { burst, per_second }: Rate,
): DeviceBuckets & { sweep(): void } {
  const per_ms = per_second / 1000;
  const buckets = new Map<string, Bucket>();

  const tokens = (bucket: Bucket, now: number): number =>
    // A clock that stepped back gives nothing and takes nothing.
    Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) * per_ms);

  const refilled = (device_id: string): Bucket => {
    const now = clock.now();
    const present = buckets.get(device_id);
    if (present) {
      present.tokens = tokens(present, now);
      present.at = now;
      return present;
    }
    const full: Bucket = { tokens: burst, at: now };
    buckets.set(device_id, full);
    return full;
  };

  return {
    take(device_id, cost = 1) {
      const bucket = refilled(device_id);
      const due = Math.min(cost, burst);
      if (bucket.tokens < due) return Math.ceil((due - bucket.tokens) / per_ms);
      bucket.tokens -= due;
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
