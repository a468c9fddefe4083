/**
 * Moves committed rows from memory to the table, in the background. The order is what makes a crash at any point
 * harmless: all rows, then the position, then forgetting and purging. Writing again, and late, changes nothing, because
 * the table keeps the highest stamp. Rules S14, S15.
 */
import type { Stamped } from "../ports/table.ts";
import { assertOpen, stampOf } from "./context.ts";
import type { Opened } from "./context.ts";
import type { Held } from "./unflushed.ts";

export type Flusher = {
  /** Ends when the table has everything that was committed before the call, or did not take it. Never rejects. */
  flush(): Promise<void>;
  /** Begins a flush when half of the memory is used, unless the table failed a moment ago. */
  grown(): void;
};

const WRITES_AT_ONCE = 16;

export function createFlusher(store: Opened): Flusher {
  let flying: Promise<void> | undefined;
  let failed = false;
  /** The log is purged up to here. */
  let purged = 0;

  async function run(): Promise<void> {
    try {
      if (store.last > store.position) await advance(store, store.last);
      if (store.position > purged) await purge(store.position);
      failed = false;
    } catch (error) {
      failed = true;
      if (!store.closed && !store.fenced) store.observe.delayed(error);
    }
  }

  async function purge(upto: number): Promise<void> {
    assertOpen(store);
    await store.log.purge(upto);
    purged = upto;
  }

  function start(): Promise<void> {
    flying ??= run().finally(() => (flying = undefined));
    return flying;
  }

  return {
    async flush() {
      // One that is under way may have begun before the newest commits.
      if (flying) await flying;
      await start();
    },
    grown() {
      if (flying || failed || store.unflushed.bytes() < store.unflushed_bytes_max / 2) return;
      void start();
    },
  };
}

/** Brings the table to record `upto`, the last one applied. */
async function advance(store: Opened, upto: number): Promise<void> {
  const partitions = store.unflushed.partitions();
  await writeAll(store, partitions);
  await writePosition(store, upto);
  store.position = upto;
  const rows = partitions.flat();
  // A read that asked the table before may have missed these rows there, so it must still find them in memory.
  await Promise.allSettled(store.reads);
  store.unflushed.drop(rows);
  store.observe.flushed(rows.length, upto);
}

/** Rejects when one write failed, and only after all have ended. */
async function writeAll(store: Opened, partitions: readonly Held[][]): Promise<void> {
  const waiting = partitions.values();
  async function writeSome(): Promise<void> {
    for (const rows of waiting) {
      assertOpen(store);
      await store.table.write(rows.map((row) => toStamped(store, row)));
    }
  }
  const writers = Array.from({ length: WRITES_AT_ONCE }, writeSome);
  const failed = (await Promise.allSettled(writers)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

function toStamped({ epoch }: Opened, { table, key, json, seq }: Held): Stamped {
  const row: unknown = json === null ? null : JSON.parse(json);
  const put = { table, key, row, ...(json !== null && { json }) } as unknown as Stamped["put"];
  return { put, stamp: stampOf(epoch, seq) };
}

/** Only after all rows: whoever takes over reads nothing of the log up to here. */
async function writePosition(store: Opened, position: number): Promise<void> {
  const { shard, epoch } = store;
  assertOpen(store);
  const put = { table: "flushed", key: [shard], row: { epoch, position } } as const;
  await store.table.write([{ put, stamp: stampOf(epoch, position) }]);
}
