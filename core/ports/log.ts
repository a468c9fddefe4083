/**
 * The log of one shard in a cluster: records in one order, appended by whoever knows what the last one is. That is the
 * fence: an owner that was replaced does not know it any more, and what it appends is refused. Rule S13.
 */
import type { Signal } from "./signal.ts";

/** Sequences are dense from 1 in one epoch of a shard. */
export type LogRecord = { seq: number; text: string };

/** `ok: false`: the last sequence was not the expected one, and this try has appended nothing. */
export type Appended = { ok: true; seq: number } | { ok: false };

export type Log = {
  /**
   * Rejects when nobody can tell whether it was appended: it may be there already, or still arrive. With the code
   * `too_large` it has not left, and never will.
   */
  append(text: string, expected_last: number, signal?: Signal): Promise<Appended>;
  /** The first record that is kept and the last that there is; `first` is `last + 1` when all are purged. */
  ends(signal?: Signal): Promise<{ first: number; last: number }>;
  /** Records from `from` on, without a gap, fewer than `limit` only at the end. Begins later if `from` was purged. */
  read(from: number, limit: number, signal?: Signal): Promise<LogRecord[]>;
  /** Forgets the records up to and including `upto`. */
  purge(upto: number, signal?: Signal): Promise<void>;
};
