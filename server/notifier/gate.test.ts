import { beforeEach, expect, test } from "bun:test";
import type { SendOutcome } from "@damso/core/ports/push";
import { createGate, FAILURES_MAX, UNDER_WAY_MAX, WAITING_MAX } from "./gate.ts";
import type { Gate } from "./gate.ts";

let now = 0;
let gate: Gate;
beforeEach(() => {
  now = 1_000_000;
  gate = createGate(() => now);
});

/** Somebody new each time. */
let devices = 0;
const pass = (service: string, work: () => Promise<SendOutcome>): Promise<SendOutcome> =>
  gate.pass(service, `device${devices++}`, work);

const sent = async (): Promise<SendOutcome> => ({ outcome: "sent" });
const fails = async (): Promise<SendOutcome> => ({ outcome: "later", why: "503" });
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

test("[N12][I20] so many are under way, so many wait, and the next are due later", async () => {
  let running = 0;
  let most = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const work = async (): Promise<SendOutcome> => {
    most = Math.max(most, ++running);
    await promise;
    running--;
    return { outcome: "sent" };
  };
  const all = Array.from({ length: UNDER_WAY_MAX + WAITING_MAX + 3 }, () => pass("a", work));
  await settle();
  expect([running, gate.sizes().push_waiting]).toEqual([UNDER_WAY_MAX, WAITING_MAX]);
  expect(await pass("b", sent)).toEqual({ outcome: "sent" });
  resolve();
  const outcomes = await Promise.all(all);
  expect(most).toBe(UNDER_WAY_MAX);
  expect(outcomes.filter(({ outcome }) => outcome === "sent")).toHaveLength(
    UNDER_WAY_MAX + WAITING_MAX,
  );
  expect(outcomes.at(-1)).toMatchObject({ outcome: "later", why: "full" });
});

test("[N12] one that fails again and again is left alone, for longer each time, and tried by one", async () => {
  for (let n = 0; n < FAILURES_MAX; n++) await pass("a", fails);
  expect(await pass("a", sent)).toEqual({ outcome: "later", why: "paused", after_ms: 1000 });
  expect(gate.sizes().push_services_paused).toBe(1);
  now += 1000;
  expect(await pass("a", fails)).toMatchObject({ why: "503" });
  expect(await pass("a", sent)).toMatchObject({ why: "paused", after_ms: 2000 });
  now += 2000;
  const { promise, resolve } = Promise.withResolvers<SendOutcome>();
  const trial = pass("a", () => promise);
  const others = [pass("a", sent), pass("a", sent)];
  await settle();
  resolve({ outcome: "sent" });
  expect(await trial).toEqual({ outcome: "sent" });
  expect(await Promise.all(others)).toEqual([{ outcome: "sent" }, { outcome: "sent" }]);
  expect(gate.sizes().push_services_paused).toBe(0);
});

test("[N6] a pause lasts as long as the service said, and a clock that is put back ends it", async () => {
  const busy = async (): Promise<SendOutcome> => ({
    outcome: "later",
    why: "429",
    after_ms: 120_000,
  });
  for (let n = 0; n < FAILURES_MAX; n++) await pass("a", busy);
  expect(await pass("a", sent)).toMatchObject({ after_ms: 120_000 });
  now -= 3_600_000;
  expect(await pass("a", sent)).toEqual({ outcome: "sent" });
});

test("[N12] a refusal is no failure of the service, and work that throws gives its place back", async () => {
  for (let n = 0; n < 20; n++) await pass("a", async () => ({ outcome: "refused", why: "400" }));
  for (let n = 0; n < UNDER_WAY_MAX + 10; n++)
    await pass("a", () => Promise.reject(new Error("bug"))).catch(() => {});
  expect(await pass("a", sent)).toEqual({ outcome: "sent" });
});

test("[N12] one device that is asked to wait, however often, closes the gate for nobody else", async () => {
  const busy = async (): Promise<SendOutcome> => ({
    outcome: "later",
    why: "TooManyRequests",
    after_ms: 60_000,
  });
  for (let n = 0; n < 4 * FAILURES_MAX; n++) await gate.pass("a", `noisy${n % 2}`, busy);
  expect(await pass("a", sent)).toEqual({ outcome: "sent" });
  for (let n = 0; n < FAILURES_MAX; n++) await pass("a", busy);
  expect(await pass("a", sent)).toMatchObject({ why: "paused" });
});

test("[N12] services that hang leave requests to others: a server is started with room for six of them", async () => {
  for (const path of ["package.json", "deploy/Dockerfile"]) {
    const text = await Bun.file(new URL(`../../${path}`, import.meta.url)).text();
    const requests = /BUN_CONFIG_MAX_HTTP_REQUESTS=(\d+)/.exec(text)?.[1];
    expect([path, Number(requests) >= 6 * UNDER_WAY_MAX + 256]).toEqual([path, true]);
  }
});
