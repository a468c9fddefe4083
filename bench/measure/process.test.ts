import { expect, test } from "bun:test";
import { cpuSeconds, kilobytes, parseStat, residentBytes } from "./process.ts";

test("a command with spaces and parentheses does not shift the fields", () => {
  const line = "42 (a (b) c) S 7 42 42 0 -1 4194304 10 20 0 0 100 50 3 4 20 0 8 0 999 1 2";
  expect(parseStat(line)).toEqual({ parent: 7, ticks: 157 });
});

test("a line of a proc file is found by its whole name", () => {
  const text = "SReclaimable:      10 kB\nSlab:           84016 kB\n";
  expect(kilobytes(text, "Slab")).toBe(84016);
  expect(kilobytes(text, "Missing")).toBe(0);
});

test("this process has used CPU and memory", () => {
  expect(cpuSeconds(process.pid)).toBeGreaterThan(0);
  expect(residentBytes(process.pid)).toBeGreaterThan(1_000_000);
});

test("the work of a child process counts", async () => {
  const spin = `
    while (process.cpuUsage().user < 200_000);
    console.log("done");
    setInterval(() => {}, 60_000);
  `;
  const before = cpuSeconds(process.pid);
  const child = Bun.spawn([process.execPath, "-e", spin], { stdout: "pipe" });
  await child.stdout.getReader().read();
  const after = cpuSeconds(process.pid);
  child.kill();
  await child.exited;
  expect(after - before).toBeGreaterThan(0.15);
});
