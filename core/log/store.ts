/**
 * A `ShardStore` over a fenced log and a table: a commit is one record of the log; the table is filled behind it.
 * Rules S13 to S16.
 */
import type { ShardStore } from "../ports/store.ts";
import { createCommits } from "./commits.ts";
import type { Opened } from "./context.ts";
import { createFlusher } from "./flush.ts";
import { createReads } from "./reads.ts";

export type LogStore = ShardStore & {
  /** Brings the table to what is committed now; called every so often. What fails is observed and tried again. */
  flush(): Promise<void>;
  /** More is unflushed than memory is meant for: nothing new should be decided. */
  pressed(): boolean;
  /** What is in memory until the table has it, and how many records of the log say so. For gauges. */
  unflushed(): { bytes: number; records: number };
  /** Another owner came: this store answers nothing any more and has to be opened again. */
  fenced(): boolean;
};

export function createLogStore(store: Opened): LogStore {
  const flusher = createFlusher(store);
  return {
    ...createCommits(store, () => flusher.grown()),
    ...createReads(store),
    flush: () => flusher.flush(),
    pressed: () => store.unflushed.bytes() > store.unflushed_bytes_max,
    unflushed: () => ({ bytes: store.unflushed.bytes(), records: store.last - store.position }),
    fenced: () => store.fenced,
    async close() {
      store.closed = true;
    },
  };
}
