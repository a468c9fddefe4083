import { expect, test } from "bun:test";
import { busyTicks, machineCpuSeconds } from "./machine.ts";

test("idle and waiting time is not work, and only the line of all cores counts", () => {
  expect(busyTicks("cpu  1 2 4 1000 2000 8 16 32 0 0\ncpu0 9 9 9 9 9 9 9 9 0 0\n")).toBe(63);
});

test("this machine has worked", () => {
  expect(machineCpuSeconds()).toBeGreaterThan(0);
});
