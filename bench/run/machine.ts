import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { createHistogram, percentile, record } from "../measure/histogram.ts";

const syncs = 100;

/** One line about the machine: figures mean nothing without it. */
export function describeMachine(directory: string): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = readFileSync("/proc/loadavg", "utf8").split(" ")[0];
  return [
    `${cpus().length} cores ${first?.model.trim() ?? "unknown"}, ${memory} GiB`,
    `Linux ${release()}`,
    `Bun ${Bun.version}`,
    `one fsync ${(syncMicroseconds(directory) / 1000).toFixed(2)} ms`,
    `load ${load}`,
  ].join(" · ");
}

/** The median time of a 4 KiB append made durable, in µs: near zero means no disk is behind it. */
function syncMicroseconds(directory: string): number {
  const file = openSync(join(directory, "sync"), "w");
  const page = Buffer.alloc(4096);
  const times = createHistogram();
  for (let count = 0; count < syncs; count += 1) {
    writeSync(file, page);
    const before = performance.now();
    fdatasyncSync(file);
    record(times, (performance.now() - before) * 1000);
  }
  closeSync(file);
  return percentile(times, 0.5);
}
