import { readdirSync, readFileSync } from "node:fs";

/** The kernel's clock ticks per second; `USER_HZ` is 100 on every Linux that Bun runs on. */
export const ticksPerSecond: number = 100;

/** What `/proc/<pid>/stat` says of one process: its parent, and its CPU time in ticks. */
export interface ProcessStat {
  readonly parent: number;
  readonly ticks: number;
}

/**
 * Reads one line of `/proc/<pid>/stat` (proc_pid_stat(5)). CPU time is user and system time of the
 * process with all its threads, and of its children that have ended.
 */
export function parseStat(line: string): ProcessStat {
  // The second field is the command in parentheses and may itself hold spaces and parentheses.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
  return { parent: Number(fields[1]), ticks };
}

/** CPU seconds used so far by a process and everything below it. Throws if it is gone. */
export function cpuSeconds(pid: number): number {
  const ticks = [pid, ...descendants(pid)].reduce((sum, one) => sum + statOf(one).ticks, 0);
  return ticks / ticksPerSecond;
}

/** Resident memory of one process in bytes (`VmRSS`). Throws if it is gone. */
export function residentBytes(pid: number): number {
  return kilobytes(readFileSync(`/proc/${pid}/status`, "utf8"), "VmRSS") * 1024;
}

/** The number of a `Name:   123 kB` line of a proc file; 0 where there is no such line. */
export function kilobytes(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0);
}

function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (/^\d+$/.test(name)) parents.set(Number(name), parentOf(Number(name)));
  }
  const found = [pid];
  for (const above of found) {
    for (const [child, parent] of parents) if (parent === above) found.push(child);
  }
  return found.slice(1);
}

function statOf(pid: number): ProcessStat {
  return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** 0 for a process that ended between the listing and the reading. */
function parentOf(pid: number): number {
  try {
    return statOf(pid).parent;
  } catch {
    return 0;
  }
}
