/** One node's time with one shard: from opening its store to giving it up, by choice or by force. */
import type { LogStore } from "../log/store.ts";
import type { Signal } from "../ports/signal.ts";
import type { ShardOwner } from "../shard/shard.ts";
import type { OwnerDeps } from "./owner.ts";

export type Tenure = {
  shard: number;
  /** Of this node, counted since its start. */
  number: number;
  /** Set when it is over: what is still being opened closes again. */
  over: boolean;
  store?: LogStore;
  owner?: ShardOwner;
  /** Takes no new commands. */
  leaving: boolean;
  ticked_at: number;
  flushed_at: number;
  flushing: boolean;
  /** When the gateways were told last that it goes on. */
  told_at: number;
};

const TICK_MS = 1000;
const FLUSH_MS = 2000;

export function newTenure(shard: number, number: number, now: number): Tenure {
  return {
    shard,
    number,
    over: false,
    leaving: false,
    ticked_at: now,
    flushed_at: now,
    flushing: false,
    told_at: -Infinity,
  };
}

/** Rejects with what the store or the shard rejected with. */
export async function openTenure(deps: OwnerDeps, tenure: Tenure): Promise<void> {
  const store = await deps.openStore(tenure.shard, signalOf(tenure));
  if (tenure.over) return await store.close();
  tenure.store = store;
  const owner = await deps.openShard(tenure.shard, store);
  if (tenure.over) return;
  tenure.owner = owner;
  deps.observe.opened(tenure.shard);
}

function signalOf(tenure: Tenure): Signal {
  return {
    get aborted() {
      return tenure.over;
    },
    throwIfAborted() {
      if (tenure.over) throw new Error(`shard ${tenure.shard} is not this node's any more`);
    },
  };
}

/** At once: what is under way fails, and nothing more is written. */
export async function endTenure(tenure: Tenure): Promise<void> {
  tenure.over = true;
  tenure.owner?.forsake();
  await tenure.store?.close();
}

/** Finishes what was decided and brings it to the table, so that the next owner has nothing to replay. */
export async function leave(tenure: Tenure): Promise<void> {
  // The long flush while commands are still answered, so that the shard is without an owner for a moment only.
  await tenure.store?.flush();
  tenure.leaving = true;
  await tenure.owner?.stop();
  await tenure.store?.flush();
}

/** What time brings. */
export async function tickTenure(tenure: Tenure, now: number): Promise<void> {
  const { store, owner } = tenure;
  if (!store || !owner || tenure.leaving) return;
  if (now - tenure.flushed_at >= FLUSH_MS && !tenure.flushing) void flush(tenure, store, now);
  if (now - tenure.ticked_at < TICK_MS) return;
  tenure.ticked_at = now;
  await owner.tick();
}

async function flush(tenure: Tenure, store: LogStore, now: number): Promise<void> {
  tenure.flushed_at = now;
  tenure.flushing = true;
  await store.flush();
  tenure.flushing = false;
}
