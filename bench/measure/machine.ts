import { readFileSync } from "node:fs";
import { ticksPerSecond } from "./process.ts";

/** CPU seconds that all cores together have worked since the machine started. */
export function machineCpuSeconds(): number {
  return busyTicks(readFileSync("/proc/stat", "utf8")) / ticksPerSecond;
}

/** Ticks of the `cpu` line of `/proc/stat` (proc_stat(5)) that were neither idle nor waiting. */
export function busyTicks(stat: string): number {
  const [user, nice, system, , , irq, softirq, steal] = stat
    .slice(0, stat.indexOf("\n"))
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return [user, nice, system, irq, softirq, steal].reduce<number>(
    (sum, one) => sum + (one ?? 0),
    0,
  );
}
