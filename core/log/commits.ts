/** The writing side of a log store: one record at a time, and what is in doubt goes before everything else. Rules S4, S13. */
import type { Signal } from "../ports/signal.ts";
import type { Put } from "../tables.ts";
import { settle } from "./append.ts";
import { assertOpen, fencedOff } from "./context.ts";
import type { Opened } from "./context.ts";
import { isTooLarge, logFailure } from "./failure.ts";
import { encodeCommit, rowsOf } from "./record.ts";
import type { LoggedRow } from "./record.ts";

export type Commits = {
  commit(puts: readonly Put[], signal?: Signal): Promise<void>;
  recover(signal?: Signal): Promise<void>;
};

type Pending = { text: string; rows: LoggedRow[] };

/** `grown` is called after each commit, when its rows can be read. */
export function createCommits(store: Opened, grown: () => void): Commits {
  const { log, writer, observe } = store;
  let n = 0;
  /** Its outcome is unknown: until that changes, nothing else may be appended. */
  let pending: Pending | undefined;
  let turn: Promise<void> = Promise.resolve();

  /** Waits for its turn; a failure before it is not its own. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  }

  async function append(record: Pending, signal?: Signal): Promise<void> {
    assertOpen(store);
    if (pending) throw logFailure("unknown", "the outcome of an earlier commit is unknown");
    pending = record;
    await finish(record, signal);
  }

  async function finish(record: Pending, signal?: Signal): Promise<void> {
    const check = (): void => {
      assertOpen(store);
      signal?.throwIfAborted();
    };
    const settling = {
      log,
      check,
      pause: (ms: number) => store.pause(ms),
      retried: (error: unknown) => observe.retried(error),
    };
    const settled = await settle(settling, record.text, store.last).catch((error: unknown) => {
      if (isTooLarge(error)) pending = undefined;
      throw error;
    });
    if (settled === "taken") throw stepDown();
    assertOpen(store);
    pending = undefined;
    store.last += 1;
    store.unflushed.apply(record.rows, store.last);
    if (settled === "adopted") observe.adopted(store.last);
    grown();
  }

  function stepDown(): Error {
    if (!store.fenced) observe.fenced();
    store.fenced = true;
    return fencedOff(store);
  }

  return {
    async commit(puts, signal) {
      signal?.throwIfAborted();
      assertOpen(store);
      if (puts.length === 0) return;
      const rows = rowsOf(puts);
      const text = encodeCommit(writer, ++n, rows);
      await inTurn(() => append({ text, rows }, signal));
    },
    recover: (signal) =>
      inTurn(async () => {
        assertOpen(store);
        if (pending) await finish(pending, signal);
      }),
  };
}
