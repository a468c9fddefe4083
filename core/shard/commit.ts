/**
 * Group commit: while one commit is in flight, later decisions pile up; when it returns, the pile is the next commit.
 * No timer and no fixed batch: an idle shard commits at once, a busy one amortises. Rules D1, S2, S4.
 */
import type { ShardStore } from "../ports/store.ts";
import type { Put } from "../tables.ts";
import { unitsOf } from "./units.ts";

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

/** `units`: about how long it is as text. */
type Batch = { n: number; puts: Put[]; settles: Settle[]; units: number };

export type CommitterDeps = {
  store: ShardStore;
  now(): number;
  /** A batch of this many UTF-16 units takes nothing more: the next decision begins another one. Absent: no bound. */
  batch_units_max?: number;
  /** Runs `start` when what arrived together was decided: at the end of the turn of the event loop, never later. */
  soon(start: () => void): void;
  /** After the callbacks of a durable commit. */
  committed(n: number, stats: CommitStats): void;
  /** A commit failed: its outcome is unknown, and none may follow until the store was recovered. */
  failed(error: unknown): void;
};

const emptyBatch = (n: number): Batch => ({ n, puts: [], settles: [], units: 0 });

/** What waits for its commit: the batch that decisions join, and before it those that take nothing more. */
type Piles = {
  add(puts: readonly Put[], settle: Settle): number;
  /** The oldest, which nothing joins from now on. */
  take(): Batch;
  isWaiting(): boolean;
  /** The newest that has something in it. */
  newest(): Batch | undefined;
  /** Empties all; answers who waited. */
  drop(): Settle[];
  next(): number;
  rows(): number;
};

function createPiles(units_max: number | undefined): Piles {
  let full: Batch[] = [];
  let next = emptyBatch(1);
  const turn = (): Batch => {
    const batch = next;
    next = emptyBatch(batch.n + 1);
    return batch;
  };
  return {
    add(puts, settle) {
      const batch = next;
      for (const put of puts) batch.puts.push(put);
      batch.settles.push(settle);
      if (units_max === undefined) return batch.n;
      batch.units += unitsOf(puts);
      // A decision is never parted; so a batch is at most this and one decision long.
      if (batch.units >= units_max) full.push(turn());
      return batch.n;
    },
    take: () => full.shift() ?? turn(),
    isWaiting: () => full.length > 0 || next.settles.length > 0,
    newest: () => (next.settles.length > 0 ? next : full.at(-1)),
    drop() {
      const lost = [...full, turn()].flatMap(({ settles }) => settles);
      full = [];
      return lost;
    },
    next: () => next.n,
    rows: () => full.reduce((rows, { puts }) => rows + puts.length, next.puts.length),
  };
}

export function createCommitter(deps: CommitterDeps): Committer {
  const piles = createPiles(deps.batch_units_max);
  let flying: Batch | undefined;
  let durable = 0;
  let starting = false;
  let broken = false;

  function add(puts: readonly Put[], settle: Settle): number {
    // Decided on a state that is gone, or is to be dropped: it must not reach a store whose last commit is unknown.
    if (broken) {
      settle(false);
      return piles.next();
    }
    const n = piles.add(puts, settle);
    if (!flying && !starting) {
      starting = true;
      deps.soon(begin);
    }
    return n;
  }

  function begin(): void {
    starting = false;
    if (!flying && piles.isWaiting()) start();
  }

  function start(): void {
    const batch = piles.take();
    flying = batch;
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
    if (piles.isWaiting()) start();
    for (const settle of batch.settles) settle(true);
    deps.committed(batch.n, { rows: batch.puts.length, took_ms: deps.now() - began });
  }

  function fail(batch: Batch, error: unknown): void {
    const lost = [...batch.settles, ...piles.drop()];
    broken = true;
    flying = undefined;
    deps.failed(error);
    for (const settle of lost) settle(false);
  }

  function gate(settle: Settle): void {
    const last = piles.newest() ?? flying;
    if (last) last.settles.push(settle);
    else settle(true);
  }

  return {
    add,
    gate,
    next: () => piles.next(),
    durable: () => durable,
    waiting: () => piles.rows(),
    recovered() {
      broken = false;
    },
  };
}
