/** What the shim wrote down, read back. */
import { readFileSync } from "node:fs";

export type Event =
  | { op: "create" | "append" | "sync" | "synced" | "unlink"; path: string }
  | { op: "write"; path: string; data: Buffer }
  | { op: "rename"; path: string; to: string }
  | { op: "mark"; number: number };

const HEAD_BYTES = 17;
const OPS = { c: "create", a: "append", s: "sync", S: "synced", u: "unlink" } as const;

export function readTrace(file: string): Event[] {
  const bytes = readFileSync(file);
  const events: Event[] = [];
  for (let at = 0; at < bytes.length;) {
    const op = String.fromCharCode(bytes.readUInt8(at));
    const middle = at + HEAD_BYTES + bytes.readUInt32LE(at + 1);
    const end = middle + bytes.readUInt32LE(at + 5);
    const path = bytes.toString("utf8", at + HEAD_BYTES, middle);
    events.push(toEvent(op, path, bytes.subarray(middle, end), bytes.readBigUInt64LE(at + 9)));
    at = end;
  }
  return events;
}

function toEvent(op: string, path: string, data: Buffer, number: bigint): Event {
  if (op === "w") return { op: "write", path, data };
  if (op === "r") return { op: "rename", path, to: data.toString() };
  if (op === "m") return { op: "mark", number: Number(number) };
  const name = OPS[op as keyof typeof OPS];
  if (name === undefined) throw new Error(`the trace has an unknown record: ${op}`);
  return { op: name, path };
}

/** A mark says that commit `n` begins, or that it was acknowledged. */
export const beginMark = (n: number): number => 2 * n;
export const doneMark = (n: number): number => 2 * n + 1;

export type Commits = { acknowledged: number; begun: number };

/** How many commits had begun and been acknowledged before the event at `cut`. */
export function commitsAt(events: readonly Event[], cut: number): Commits {
  const commits = { acknowledged: 0, begun: 0 };
  for (const event of events.slice(0, cut)) {
    if (event.op !== "mark") continue;
    const n = Math.floor(event.number / 2);
    if (event.number % 2 === 0) commits.begun = n;
    else commits.acknowledged = n;
  }
  return commits;
}
