/** Puts the checkers together: one book of what is durable, and each checker with its own eyes on the run. */
import { createBook } from "./book.ts";
import type { CheckerOptions } from "./book.ts";
import { takeCommit, takeRows } from "./commits.ts";
import type { Fault } from "./faults.ts";
import type { Witness } from "./witness.ts";

export type Checkers = {
  witness: Witness;
  faults(): readonly Fault[];
  counts(): Record<string, number>;
};

export function createCheckers(options: CheckerOptions): Checkers {
  const book = createBook(options);
  const none = (): void => {};
  return {
    witness: {
      committed(_shard, puts) {
        book.step++;
        takeCommit(book, puts);
      },
      restored: (rows) => takeRows(book, rows),
      told: none,
      heard: none,
      answered: none,
      intended: none,
      settled: none,
      revoked: none,
      stored: none,
      rewound: none,
      pushed: none,
      crashed: none,
    },
    faults: () => book.faults.list(),
    counts: () => ({ ...book.counts, faults: book.faults.total() }),
  };
}
