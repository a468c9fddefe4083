/** Token buckets, a burst and then a steady rate: how often one may try to sign up or log in. */
import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import type { Clock } from "@damso/core/ports/clock";

export type Bucket = {
  /** Takes a token: 0 when there was one, else the milliseconds until there is. */
  take(key: string): number;
  /** Gives back what an attempt took that turned out to be honest. */
  give(key: string): void;
  /** How many keys it holds. */
  readonly size: number;
};

export type BucketOptions = { burst: number; per_second: number; keys_max?: number };

/** Longer than a username, an id or an address: whatever else somebody sends is not kept as it is. */
const KEY_LENGTH_MAX = 64;

export function keptKey(key: string): string {
  if (key.length <= KEY_LENGTH_MAX) return key;
  return createHash("sha256").update(key).digest("base64url");
}

/**
 * At most `keys_max` buckets; the one untouched for longest makes room, which forgives it. Buckets that are full again
 * hold nothing worth keeping: they go whenever another one is touched.
 */
export function createBucket(clock: Clock, options: BucketOptions): Bucket {
  const { burst, per_second, keys_max = 50_000 } = options;
  const per_ms = per_second / 1000;
  const full_ms = burst / per_ms;
  const buckets = new Map<string, { tokens: number; at: number }>();

  /** The map is in the order of the last touches, so those that are full again are at its beginning. */
  const sweep = (now: number): void => {
    for (const [key, { at }] of buckets) {
      if (now - at < full_ms) return;
      buckets.delete(key);
    }
  };

  /** Refilled to now, and the youngest of the map. */
  const touch = (name: string): { tokens: number; at: number } => {
    const key = keptKey(name);
    const now = clock.now();
    sweep(now);
    const old = buckets.get(key);
    // A clock that stepped back gives nothing and takes nothing.
    const gained = old ? Math.max(0, now - old.at) * per_ms : 0;
    const bucket = { tokens: old ? Math.min(burst, old.tokens + gained) : burst, at: now };
    buckets.delete(key);
    if (buckets.size >= keys_max) {
      const [oldest] = buckets.keys();
      if (oldest !== undefined) buckets.delete(oldest);
    }
    buckets.set(key, bucket);
    return bucket;
  };

  return {
    take: (key) => {
      const bucket = touch(key);
      if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / per_ms);
      bucket.tokens -= 1;
      return 0;
    },
    give: (key) => {
      const bucket = touch(key);
      bucket.tokens = Math.min(burst, bucket.tokens + 1);
    },
    get size() {
      return buckets.size;
    },
  };
}

export type AuthLimits = {
  /** Sign-ups of one address: a classroom may arrive at once, a script may not go on. */
  signups: Bucket;
  /** Failed log-ins of one address, whatever the username. */
  addresses: Bucket;
  /** Failed password checks of one account, wherever they come from. */
  accounts: Bucket;
  /** Codes that one address shows to be let in by: an office may open its doors at once. */
  codes: Bucket;
};

const UNLIMITED: Bucket = { take: () => 0, give: () => {}, size: 0 };

export function createAuthLimits(clock: Clock, options: { on: boolean }): AuthLimits {
  if (!options.on) {
    return { signups: UNLIMITED, addresses: UNLIMITED, accounts: UNLIMITED, codes: UNLIMITED };
  }
  return {
    signups: createBucket(clock, { burst: 60, per_second: 1 / 5 }),
    addresses: createBucket(clock, { burst: 60, per_second: 1 / 2 }),
    accounts: createBucket(clock, { burst: 20, per_second: 1 / 15 }),
    codes: createBucket(clock, { burst: 60, per_second: 1 / 2 }),
  };
}

/** Whoever has one IPv6 address has its /64; an IPv4 address in IPv6 clothes is that IPv4 address. */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  const [plain = ""] = address.split("%");
  if (!isIPv6(plain)) return address;
  return `${expand(plain).slice(0, 4).join(":")}::/64`;
}

function expand(address: string): string[] {
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(Math.max(0, zeros)).fill("0"), ...right];
  return groups.map((group) => group.toLowerCase().replace(/^0+(?=.)/, ""));
}
