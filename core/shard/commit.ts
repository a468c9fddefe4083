/**
 * Group commit: while one commit is in flight, later decisions pile up; when it returns, the pile is the next commit.
 * No timer and no fixed batch: an idle shard commits at once, a busy one amortises. Rules D1, S2, S4.
 */
import type { ShardStore } from "../ports/store.ts";
import type { Put } from "../tables.ts";

/** Called once, after the commit it waits for: true when that is durable, false when its outcome is unknown. */
export type Settle = (durable: boolean) => void;

export type Committer = {
  /** Adds what one decision writes; `settle` is called when it is durable. Returns the number of its commit. */
  add(puts: readonly Put[], settle: Settle): number;
  /** The number that the next `add` will return: what a decision marks its states with. */
  next(): number;
  /** Calls back when everything decided so far is durable: at once when nothing is under way. */
  gate(settle: Settle): void;
  /** The newest commit that is durable. */
  durable(): number;
  /** Rows waiting for the next commit. */
  waiting(): number;
  /** The store was opened again after a failure: commits may go on. */
  recovered(): void;
};

export type CommitStats = { rows: number; took_ms: number };

type Batch = { n: number; puts: Put[]; settles: Settle[] };

export type CommitterDeps = {
  store: ShardStore;
  now(): number;
  /** Runs `start` when what arrived together was decided: at the end of the turn of the event loop, never later. */
  soon(start: () => void): void;
  /** After the callbacks of a durable commit. */
  committed(n: number, stats: CommitStats): void;
  /** A commit failed: its outcome is unknown, and none may follow until the store was recovered. */
  failed(error: unknown): void;
};

export function createCommitter(deps: CommitterDeps): Committer {
  let next: Batch = { n: 1, puts: [], settles: [] };
  let flying: Batch | undefined;
  let durable = 0;
  let starting = false;
  let broken = false;

  function add(puts: readonly Put[], settle: Settle): number {
    // Decided on a state that is gone, or is to be dropped: it must not reach a store whose last commit is unknown.
    if (broken) {
      settle(false);
      return next.n;
    }
    const batch = next;
    for (const put of puts) batch.puts.push(put);
    batch.settles.push(settle);
    if (!flying && !starting) {
      starting = true;
      deps.soon(begin);
    }
    return batch.n;
  }

  function begin(): void {
    starting = false;
    if (!flying && next.settles.length > 0) start();
  }

  function start(): void {
    const batch = next;
    flying = batch;
    next = { n: batch.n + 1, puts: [], settles: [] };
    const began = deps.now();
    deps.store.commit(batch.puts).then(
      () => finish(batch, began),
      (error: unknown) => fail(batch, error),
    );
  }

  function finish(batch: Batch, began: number): void {
    durable = batch.n;
    flying = undefined;
    // The next commit starts before anyone is told of this one, so that the disk is not idle meanwhile.
    if (next.settles.length > 0) start();
    for (const settle of batch.settles) settle(true);
    deps.committed(batch.n, { rows: batch.puts.length, took_ms: deps.now() - began });
  }

  function fail(batch: Batch, error: unknown): void {
    const lost = [...batch.settles, ...next.settles];
    broken = true;
    flying = undefined;
    next = { n: next.n + 1, puts: [], settles: [] };
    deps.failed(error);
    for (const settle of lost) settle(false);
  }

  function gate(settle: Settle): void {
    if (next.settles.length > 0) next.settles.push(settle);
    else if (flying) flying.settles.push(settle);
    else settle(true);
  }

  return {
    add,
    gate,
    next: () => next.n,
    durable: () => durable,
    waiting: () => next.puts.length,
    recovered() {
      broken = false;
    },
  };
}
