/**
 * The way to one other shard: rows in order, one batch unacknowledged at a time, later rows pile up behind it.
 * Rule D23, invariant I20.
 *
 * A batch that was refused, or whose answer does not come, goes out again as it was. So at most one batch is on its
 * way, if several times; and the target drops what it has, whenever a copy arrives.
 */
import type { AwayRow } from "./away.ts";

const BATCH_ROWS_MAX = 64;
const BATCH_SIZE_MAX = 256 * 1024;
/** Ticks after which an answer counts as lost. */
const ANSWER_TICKS = 10;

export type Outlet<R extends AwayRow> = {
  push(row: R): void;
  /** Sends, if nothing is on its way. */
  begin(): void;
  /** Number of the newest row; 0: there was none. */
  newest(): number;
  /** Rows that the target has not taken. */
  size(): number;
  /** Sends again what was not taken. */
  tick(): void;
  /** Answers that still come mean nothing any more. */
  close(): void;
};

/** `send` answers true when the target has the rows for good; each of them is `taken` once. */
export function createOutlet<R extends AwayRow>(
  send: (batch: readonly R[]) => Promise<boolean>,
  taken: (row: R) => void,
): Outlet<R> {
  const queue: R[] = [];
  /** The first rows of the queue, while they are not acknowledged. */
  let batch: readonly R[] = [];
  let tries = 0;
  let answer_due = 0;
  let newest = 0;
  let closed = false;

  function sendNext(): void {
    if (batch.length > 0) return;
    batch = firstOf(queue);
    if (batch.length > 0) sendBatch();
  }

  function sendBatch(): void {
    const [sent, at] = [batch, ++tries];
    answer_due = ANSWER_TICKS;
    void send(sent).then((ok) => answered(sent, at, ok));
  }

  /** The answer to an earlier try of the batch is as good as one to the last: what is acknowledged is durable there. */
  function answered(sent: readonly R[], at: number, ok: boolean): void {
    if (closed || sent !== batch) return;
    if (!ok) {
      if (at === tries) answer_due = 0;
      return;
    }
    queue.splice(0, sent.length);
    batch = [];
    for (const row of sent) taken(row);
    sendNext();
  }

  return {
    push(row) {
      queue.push(row);
      newest = row.n;
    },
    begin: sendNext,
    newest: () => newest,
    size: () => queue.length,
    tick() {
      if (batch.length === 0) sendNext();
      else if (--answer_due <= 0) sendBatch();
    },
    close: () => void (closed = true),
  };
}

function firstOf<R extends AwayRow>(queue: readonly R[]): readonly R[] {
  let size = 0;
  let rows = 0;
  for (const row of queue) {
    size += row.size;
    if (rows === BATCH_ROWS_MAX || (rows > 0 && size > BATCH_SIZE_MAX)) break;
    rows++;
  }
  return queue.slice(0, rows);
}
