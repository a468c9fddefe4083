/** What the parts of one log store share, and what it is made of. */
import type { Log } from "../ports/log.ts";
import type { Signal } from "../ports/signal.ts";
import type { Table } from "../ports/table.ts";
import { logFailure } from "./failure.ts";
import type { LogFailure } from "./failure.ts";
import type { Unflushed } from "./unflushed.ts";

export type LogObserver = {
  /** A record whose append was not answered is in the log: its commit is durable. */
  adopted(seq: number): void;
  /** The log gave no answer; the same record is tried again. */
  retried(error: unknown): void;
  /** Another owner came: this store writes no more. */
  fenced(): void;
  flushed(rows: number, position: number): void;
  /** A flush failed and will be tried again; until then its rows stay in memory. */
  delayed(error: unknown): void;
  /** Records are missing: the shard stays closed until a person has looked. Invariant I25. */
  alarmed(error: LogFailure): void;
};

export type LogStoreDeps = {
  shard: number;
  /** Of the log: +1 whenever a shard's log begins anew, with another number of shards or after a restore. */
  epoch: number;
  /** Unique per opening. */
  writer: string;
  log: Log;
  table: Table;
  pause(ms: number): Promise<void>;
  observe: LogObserver;
  /** Ends the opening: its shard is not this node's any more. */
  signal?: Signal;
  /** Beyond this the store is `pressed`; at half of it a flush begins. */
  unflushed_bytes_max?: number;
};

export type Opened = LogStoreDeps & {
  unflushed_bytes_max: number;
  unflushed: Unflushed;
  /** The last record that is known to be in the log, and is in `unflushed` or in the table. */
  last: number;
  /** Each put up to this sequence is in the table, and the table says so. */
  position: number;
  /** Reads under way: what they may still have to see stays in memory until they end. */
  reads: Set<Promise<unknown>>;
  fenced: boolean;
  closed: boolean;
};

const STAMPS_PER_EPOCH = 2 ** 40;
const EPOCHS = 2 ** 13;

/** Highest wins in the table: a later record, or any record of a later epoch. Rule S14. */
export function stampOf(epoch: number, seq: number): number {
  if (epoch < 0 || epoch >= EPOCHS || seq >= STAMPS_PER_EPOCH)
    throw new Error(`no stamp for record ${seq} of epoch ${epoch}`);
  return epoch * STAMPS_PER_EPOCH + seq;
}

export function assertOpen(store: Opened): void {
  if (store.closed) throw logFailure("closed", `the store of shard ${store.shard} is closed`);
  if (store.fenced) throw fencedOff(store);
}

export function fencedOff({ shard }: { shard: number }): LogFailure {
  return logFailure("fenced", `shard ${shard} has another owner`);
}
