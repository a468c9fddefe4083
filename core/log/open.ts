/**
 * Takes a shard over: a fence record, after which no earlier owner can append; then what the log holds beyond the table,
 * without a gap, into memory. Rules S13, S15; invariants I13, I25.
 */
import { settle } from "./append.ts";
import { fencedOff } from "./context.ts";
import type { LogStoreDeps, Opened } from "./context.ts";
import { isHole, logFailure } from "./failure.ts";
import type { LogFailure } from "./failure.ts";
import { decodeRecord, encodeFence } from "./record.ts";
import { createLogStore } from "./store.ts";
import type { LogStore } from "./store.ts";
import { createUnflushed } from "./unflushed.ts";
import type { Unflushed } from "./unflushed.ts";

const UNFLUSHED_BYTES_MAX = 64 * 1024 * 1024;
const REPLAY_RECORDS = 100;

/**
 * Rejects with a `LogFailure` when somebody else came (`fenced`) or records are missing (`hole`, and an alarm), with the
 * reason of `signal`, or with what a port rejected with: then it may be tried again, under a new `writer`.
 */
export async function openLogStore(deps: LogStoreDeps): Promise<LogStore> {
  try {
    const fence = await appendFence(deps);
    return createLogStore({ ...deps, ...(await replay(deps, fence)), ...fresh(deps, fence) });
  } catch (error) {
    if (isHole(error)) deps.observe.alarmed(error as LogFailure);
    throw error;
  }
}

function fresh(
  deps: LogStoreDeps,
  fence: number,
): Pick<Opened, "unflushed_bytes_max" | "last" | "reads" | "fenced" | "closed"> {
  const { unflushed_bytes_max = UNFLUSHED_BYTES_MAX } = deps;
  return { unflushed_bytes_max, last: fence, reads: new Set(), fenced: false, closed: false };
}

/** Behind whatever the former owner manages to append meanwhile. Answers the fence's sequence. */
async function appendFence(deps: LogStoreDeps): Promise<number> {
  const { log, observe, signal } = deps;
  const pause = (ms: number): Promise<void> => deps.pause(ms);
  const text = encodeFence(deps.writer);
  const check = (): void => signal?.throwIfAborted();
  const retried = (error: unknown): void => observe.retried(error);
  for (;;) {
    check();
    const { last } = await log.ends();
    const settled = await settle({ log, pause, retried, check }, text, last);
    if (settled === "adopted") observe.adopted(last + 1);
    if (settled !== "taken") return last + 1;
  }
}

/**
 * A former owner may still end a flush: then the records behind the position read here are purged, and the position in
 * the table is a later one. What was replayed until then is dropped, because the purged records may have put the same rows.
 */
async function replay(
  deps: LogStoreDeps,
  fence: number,
): Promise<Pick<Opened, "unflushed" | "position">> {
  for (let position = await readPosition(deps); ;) {
    if (position >= fence) throw await aheadOf(deps, fence, position);
    const unflushed = createUnflushed();
    if (await replayInto(unflushed, deps, position + 1, fence)) return { unflushed, position };
    const moved = await readPosition(deps);
    if (moved === position) throw hole(deps, `no record ${position + 1} to ${fence} without a gap`);
    position = moved;
  }
}

/** False when a record is missing. */
async function replayInto(
  unflushed: Unflushed,
  deps: LogStoreDeps,
  from: number,
  fence: number,
): Promise<boolean> {
  for (let next = from; next <= fence;) {
    deps.signal?.throwIfAborted();
    const records = await deps.log.read(next, REPLAY_RECORDS);
    if (records.length === 0) return false;
    for (const { seq, text } of records) {
      if (seq !== next) return false;
      if (seq <= fence) unflushed.apply(decodeRecord(seq, text), seq);
      next++;
    }
  }
  return true;
}

/** The log of a later epoch begins at 1, so a position of an earlier one says nothing about it. */
async function readPosition(deps: LogStoreDeps): Promise<number> {
  const row = await deps.table.get("flushed", [deps.shard]);
  if (!row || row.epoch < deps.epoch) return 0;
  if (row.epoch > deps.epoch) throw fencedOff(deps);
  return row.position;
}

/** More is in the table than was in the log: a still later owner flushed, or the log has lost records. */
async function aheadOf(deps: LogStoreDeps, fence: number, position: number): Promise<LogFailure> {
  const { last } = await deps.log.ends();
  if (last > fence) return fencedOff(deps);
  return hole(deps, `the table has records up to ${position}, the log ends at ${fence}`);
}

function hole({ shard }: LogStoreDeps, what: string): LogFailure {
  return logFailure("hole", `the log of shard ${shard}: ${what}`);
}
