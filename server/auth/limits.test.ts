import { describe, expect, test } from "bun:test";
import { addressKey, createAuthLimits, createBucket, keptKey } from "./limits.ts";

function manualClock() {
  const clock = { time: 1_000_000, now: () => clock.time };
  return clock;
}

describe("a bucket", () => {
  test("gives a burst, then one token per interval, and says how long to wait", () => {
    const clock = manualClock();
    const bucket = createBucket(clock, { burst: 3, per_second: 0.5 });
    expect([1, 2, 3].map(() => bucket.take("a"))).toEqual([0, 0, 0]);
    expect(bucket.take("a")).toBe(2000);
    expect(bucket.take("b")).toBe(0);
    clock.time += 1500;
    expect(bucket.take("a")).toBe(500);
    clock.time += 500;
    expect(bucket.take("a")).toBe(0);
    expect(bucket.take("a")).toBe(2000);
    clock.time += 3_600_000;
    expect([1, 2, 3, 4].map(() => bucket.take("a"))).toEqual([0, 0, 0, 2000]);
  });

  test("takes back a token, never more than a burst", () => {
    const bucket = createBucket(manualClock(), { burst: 2, per_second: 1 });
    bucket.take("a");
    bucket.give("a");
    bucket.give("a");
    expect([1, 2, 3].map(() => bucket.take("a") > 0)).toEqual([false, false, true]);
  });

  test("a clock that steps back neither gives nor takes", () => {
    const clock = manualClock();
    const bucket = createBucket(clock, { burst: 1, per_second: 1 });
    bucket.take("a");
    clock.time -= 500_000;
    expect(bucket.take("a")).toBe(1000);
    clock.time += 1000;
    expect(bucket.take("a")).toBe(0);
  });

  test("[I20] keeps no more keys than it may, and forgets the one untouched for longest", () => {
    const bucket = createBucket(manualClock(), { burst: 1, per_second: 1, keys_max: 2 });
    bucket.take("a");
    bucket.take("b");
    expect(bucket.take("a")).toBeGreaterThan(0);
    expect(bucket.take("c")).toBe(0);
    expect(bucket.take("a")).toBeGreaterThan(0);
    expect(bucket.take("b")).toBe(0);
  });

  test("[I20] forgets by itself whatever is full again, and nothing else", () => {
    const clock = manualClock();
    const bucket = createBucket(clock, { burst: 2, per_second: 1 });
    for (let key = 0; key < 1000; key++) bucket.take(String(key));
    clock.time += 1999;
    expect(bucket.take("0")).toBe(0);
    expect(bucket.size).toBe(1000);
    clock.time += 1;
    bucket.take("new");
    expect(bucket.size).toBe(2);
    expect(bucket.take("0")).toBe(0);
    expect(bucket.take("0")).toBeGreaterThan(900);
  });

  test("[I20] keeps no key that is longer than a name, and still tells long ones apart", () => {
    const bucket = createBucket(manualClock(), { burst: 1, per_second: 1 });
    const long = "x".repeat(2_000_000);
    expect(bucket.take(long)).toBe(0);
    expect(bucket.take(`${long}y`)).toBe(0);
    expect(bucket.take(long)).toBe(1000);
    expect(keptKey(long)).toHaveLength(43);
    expect(keptKey("ann")).toBe("ann");
  });
});

describe("addresses", () => {
  const check = (address: string, key: string) =>
    test(`${address} counts as ${key}`, () => expect(addressKey(address)).toBe(key));
  check("192.0.2.7", "192.0.2.7");
  check("::ffff:192.0.2.7", "192.0.2.7");
  check("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64");
  check("2001:DB8:0001:2::9", "2001:db8:1:2::/64");
  check("2001:db8::1", "2001:db8:0:0::/64");
  check("::1", "0:0:0:0::/64");
  check("fe80::1%eth0", "fe80:0:0:0::/64");
  check("2001:db8:1:2:3::", "2001:db8:1:2::/64");
  check("unknown", "unknown");
  check("", "");
});

test("limits that are off limit nothing", () => {
  const limits = createAuthLimits(manualClock(), { on: false });
  for (let i = 0; i < 1000; i++) expect(limits.signups.take("a")).toBe(0);
  limits.accounts.give("a");
});
