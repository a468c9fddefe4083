/** How far the tells of every other shard are applied here, and who waits for one. Rules D23, D24. */
import type { ShardStore } from "../ports/store.ts";

/** Ticks that a wait may last, and how many may wait. */
const WAIT_TICKS = 3;
const WAITERS_MAX = 1000;
/** Shards have ten bits in a Snowflake. */
const SOURCES_MAX = 1024;

export type Fed = {
  of(source: number): number;
  set(source: number, n: number): void;
  /** Resolves true when row `n` of the source is applied; false when that takes too long, or too many wait. */
  reached(source: number, n: number): Promise<boolean>;
  /** Ends waits that have lasted too long. */
  tick(): void;
  /** As the store has it; whoever waited is answered false. */
  reset(rows: ReadonlyMap<number, number>): void;
};

type Waiter = { source: number; n: number; ticks: number; resolve: (applied: boolean) => void };

export function createFed(): Fed {
  let applied: Map<number, number> = new Map();
  let waiters: Waiter[] = [];
  const of = (source: number): number => applied.get(source) ?? 0;

  /** Answers those for whom `answer` has one, and keeps the others waiting. */
  function settle(answer: (waiter: Waiter) => boolean | undefined): void {
    waiters = waiters.filter((waiter) => {
      const value = answer(waiter);
      if (value !== undefined) waiter.resolve(value);
      return value === undefined;
    });
  }

  return {
    of,
    set(source, n) {
      applied.set(source, n);
      settle((waiter) => (waiter.source === source && waiter.n <= n ? true : undefined));
    },
    reached(source, n) {
      if (of(source) >= n) return Promise.resolve(true);
      if (waiters.length >= WAITERS_MAX) return Promise.resolve(false);
      return new Promise((resolve) => waiters.push({ source, n, ticks: 0, resolve }));
    },
    tick: () => settle((waiter) => (++waiter.ticks > WAIT_TICKS ? false : undefined)),
    reset(rows) {
      applied = new Map(rows);
      settle(() => false);
    },
  };
}

export async function readFed(store: ShardStore, shard: number): Promise<Map<number, number>> {
  const rows = await store.range("fed", { prefix: [shard], limit: SOURCES_MAX });
  return new Map(rows.map(({ key, row }) => [key[1], row.n]));
}
