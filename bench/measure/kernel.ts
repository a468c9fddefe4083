import { readFileSync } from "node:fs";
import { kilobytes } from "./process.ts";

const pageBytes = 4096;

/**
 * Bytes that the kernel holds for sockets at this moment: buffered TCP data (`mem` pages of
 * `/proc/net/sockstat`) and all slab memory, where socket structures live. It is a figure of the
 * whole machine, so only a difference over a quiet moment means something.
 */
export function kernelBytes(): number {
  const slab = kilobytes(readFileSync("/proc/meminfo", "utf8"), "Slab") * 1024;
  return tcpPages(readFileSync("/proc/net/sockstat", "utf8")) * pageBytes + slab;
}

/** The `mem` pages of the `TCP:` line; 0 where there is none. */
export function tcpPages(sockstat: string): number {
  return Number(/^TCP:.* mem (\d+)/m.exec(sockstat)?.[1] ?? 0);
}
