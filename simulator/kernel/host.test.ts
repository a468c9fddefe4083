import { expect, test } from "bun:test";
import { newHost, setRate, startClock, START_MS, steadyTime, stopClock, wallTime } from "./host.ts";
import { createScheduler } from "./scheduler.ts";

function scene() {
  const scheduler = createScheduler(false);
  const clock = { offset_ms: 5, rate: 1 };
  const host = newHost("n1#1", clock);
  return {
    scheduler,
    clock,
    pass: (ms: number) => scheduler.run(scheduler.now() + ms),
    shown: () => wallTime(scheduler, host) - START_MS,
    steady: () => steadyTime(scheduler, host),
  };
}

test("a clock that stands shows one time of day, and its steady time goes on", () => {
  const { scheduler, clock, pass, shown, steady } = scene();
  pass(100);
  expect(stopClock(scheduler, clock)).toBe(true);
  pass(400);
  expect(stopClock(scheduler, clock)).toBe(false);
  pass(500);
  expect([shown(), steady()]).toEqual([105, 1000]);
});

test("it goes on from where it stood, or as if it had never stood, also when it was set meanwhile", () => {
  for (const [caughtUp, later] of [
    [false, 100 + 5 + 7 + 50],
    [true, 1050 + 5 + 7],
  ] as const) {
    const { scheduler, clock, pass, shown } = scene();
    pass(100);
    stopClock(scheduler, clock);
    pass(900);
    clock.offset_ms += 7;
    expect(shown()).toBe(112);
    startClock(scheduler, clock, caughtUp);
    pass(50);
    expect(shown()).toBe(later);
  }
});

test("a rate that changes while it stands counts from when it goes on", () => {
  const { scheduler, clock, pass, shown, steady } = scene();
  stopClock(scheduler, clock);
  pass(100);
  setRate(scheduler, clock, 2);
  pass(100);
  startClock(scheduler, clock, false);
  pass(10);
  expect([shown(), steady()]).toEqual([25, 320]);
  startClock(scheduler, clock, true);
  expect(shown()).toBe(25);
});
