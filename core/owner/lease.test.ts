import { expect, test } from "bun:test";
import { isValid, LEASE_TTL_MS, newLease, renew } from "./lease.ts";

/** A lease whose renewals take `took_ms` each, on a clock that nothing else moves. */
function leasing(): {
  time: { now: number };
  ask(took_ms: number, ours?: boolean): Promise<string>;
  valid(): boolean;
} {
  const time = { now: 0 };
  const lease = newLease();
  return {
    time,
    ask: (took_ms, ours = true) =>
      renew(
        lease,
        async () => {
          time.now += took_ms;
          return ours;
        },
        () => time.now,
      ),
    valid: () => isValid(lease, time.now),
  };
}

test("[S17] a lease counts from when its renewal was sent, less a margin", async () => {
  const { time, ask, valid } = leasing();
  expect(await ask(1000)).toBe("taken");
  expect(valid()).toBe(true);
  time.now = 1749;
  expect(valid()).toBe(true);
  time.now = 1750;
  expect(valid()).toBe(false);
  expect(time.now).toBeLessThan(LEASE_TTL_MS);
});

test("[S17] a renewal answered after the lease before it ran out is a new lease, not the old one", async () => {
  const { time, ask, valid } = leasing();
  await ask(0);
  time.now = 1600;
  expect(await ask(100)).toBe("renewed");
  time.now = 3300;
  expect(await ask(100)).toBe("taken");
  expect(valid()).toBe(true);
});

test("[S17] a lease is renewed every half second, asked for more often, and lost at once", async () => {
  const { time, ask, valid } = leasing();
  expect(await ask(0, false)).toBe("lost");
  time.now = 50;
  expect(await ask(0)).toBe("waiting");
  time.now = 100;
  expect(await ask(0)).toBe("taken");
  time.now = 599;
  expect(await ask(0)).toBe("waiting");
  time.now = 600;
  expect(await ask(0)).toBe("renewed");
  time.now = 1100;
  expect(await ask(0, false)).toBe("lost");
  expect(valid()).toBe(false);
});
