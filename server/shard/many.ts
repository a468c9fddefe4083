/**
 * The shards of a cluster that this node owns at the moment: a lease on each, a log that refuses former owners, a table
 * that is filled behind it. Design: ADR 0008; rules S13 to S18.
 */
import { openLogStore } from "@damso/core/log/open";
import type { LogObserver } from "@damso/core/log/context";
import type { LogStore } from "@damso/core/log/store";
import { createOwner } from "@damso/core/owner/owner";
import type { Owner, OwnerObserver } from "@damso/core/owner/owner";
import { placeOf } from "@damso/core/owner/place";
import type { Signal } from "@damso/core/ports/signal";
import { createShard } from "@damso/core/shard/shard";
import type { ShardOwner } from "@damso/core/shard/shard";
import { every, systemTimers } from "../timers.ts";
import type { ManyShards } from "../wire.ts";
import { shardDeps } from "./deps.ts";
import type { Engine, EngineDeps } from "./engine.ts";
import { PUSH_TICK_MS } from "./one.ts";

const TICK_MS = 100;
/** A record of the log is one message of at most 4 MB; most are far smaller. */
const BATCH_UNITS_MAX = 256 * 1024;
/** A table that takes nothing keeps no node from stopping: what it has not is in the log. */
const DRAIN_MS_MAX = 30_000;
/** Fewer lines of one kind than a bad minute would write. */
const WARN_MS = 5000;

/** What runs of one shard. */
type Open = { store: LogStore; shard?: ShardOwner; stopServing?: () => void };
type Self = EngineDeps & {
  shards: ManyShards;
  /** One life of this process: a log must tell it from the one before. */
  life: string;
  openings: number;
  open: Map<number, Open>;
};

export function openMany(deps: EngineDeps, shards: ManyShards): Engine {
  const self: Self = { ...deps, shards, life: crypto.randomUUID(), openings: 0, open: new Map() };
  const owner: Owner = createOwner({
    node_id: deps.node_id,
    life: self.life,
    shards: shards.count,
    bus: deps.wiring.bus,
    discovery: deps.wiring.discovery,
    monotonic: () => performance.now(),
    openStore: (shard, signal) => openStore(self, shard, signal),
    openShard: (shard, store) => openShard(self, shard, store),
    observe: ownerObserver(self, () => owner),
  });
  const stopTicking = every(TICK_MS, () => void owner.tick());
  const stopPushing = every(PUSH_TICK_MS, () => {
    // Not one that is only being opened, or not ours any more.
    for (const { shard, stopServing } of self.open.values()) if (stopServing) shard?.pushDue();
  });
  return {
    failure: () => owner.failure(),
    sizes: () => sizesOf(self, owner),
    async stop() {
      const late = Promise.withResolvers<void>();
      const cancel = systemTimers.after(DRAIN_MS_MAX, late.resolve);
      await Promise.race([owner.drain(), late.promise]);
      cancel();
      stopTicking();
      stopPushing();
    },
  };
}

async function openStore(self: Self, shard: number, signal: Signal): Promise<LogStore> {
  const { shards, node_id, life } = self;
  const opened = await openLogStore({
    shard,
    epoch: shards.epoch,
    unflushed_bytes_max: shards.unflushed_bytes_max,
    writer: `${node_id}/${life}/${++self.openings}`,
    log: await shards.openLog(shard),
    table: shards.table,
    pause: (ms) => new Promise((resolve) => void systemTimers.after(ms, resolve)),
    observe: logObserver(self, shard),
    signal,
  });
  const store: LogStore = {
    ...opened,
    async close() {
      forget(self, shard, store);
      await opened.close();
    },
  };
  self.open.set(shard, { store });
  return store;
}

/** However its time here ended, also while it was being opened. */
function forget({ open }: Self, shard: number, store: LogStore): void {
  const found = open.get(shard);
  if (found?.store !== store) return;
  found.stopServing?.();
  open.delete(shard);
}

async function openShard(self: Self, shard: number, store: LogStore): Promise<ShardOwner> {
  const opened = await createShard({
    ...shardDeps(self, shard),
    place: { shard: (key) => placeOf(key, self.shards.count) },
    store,
    batch_units_max: BATCH_UNITS_MAX,
    pressed: () => store.pressed(),
  });
  const open = self.open.get(shard);
  if (open?.store === store) open.shard = opened;
  return opened;
}

function ownerObserver(self: Self, ownerOf: () => Owner): OwnerObserver {
  const { log, shards, shard_counters: counters } = self;
  const warn = seldom();
  return {
    opened(shard) {
      counters.opened++;
      const open = self.open.get(shard);
      if (open) open.stopServing = shards.serve(shard, (command) => ownerOf().request(command));
      log.info("owns a shard", { shard });
    },
    ended(shard, why) {
      counters.ended[why]++;
      log.info("does not own a shard any more", { shard, why });
    },
    alarmed(shard, error) {
      counters.holes++;
      log.error("records of a log are missing", { shard, error });
    },
    warned(what, error) {
      if (warn(what)) log.warn("the cluster could not be asked", { what, error });
    },
  };
}

function logObserver({ log, shard_counters: counters }: Self, shard: number): LogObserver {
  const warn = seldom();
  return {
    adopted(seq) {
      counters.adopted++;
      log.info("an append that was not answered is there", { shard, seq });
    },
    retried(error) {
      counters.retried++;
      if (warn("append")) log.warn("the log did not answer, and is asked again", { shard, error });
    },
    fenced() {
      counters.fenced++;
      log.warn("another node has taken the shard over", { shard });
    },
    flushed(rows) {
      counters.flushes++;
      counters.flushed_rows += rows;
    },
    delayed(error) {
      counters.delayed++;
      if (warn("flush"))
        log.warn("the table did not take rows, and gets them again", { shard, error });
    },
    // The owner says it, who gives the shard up for it.
    alarmed() {},
  };
}

/** True for the first of its kind, and again when `WARN_MS` have passed. */
function seldom(): (what: string) => boolean {
  const said = new Map<string, number>();
  return (what) => {
    const now = performance.now();
    if (now - (said.get(what) ?? -Infinity) < WARN_MS) return false;
    said.set(what, now);
    return true;
  };
}

/** `shards`: those that are answered for. One that is only being opened, or whose lease ran out, takes no messages. */
function sizesOf({ open }: Self, owner: Pick<Owner, "owns">): Record<string, number> {
  const sums: Record<string, number> = {
    shards: [...open.keys()].filter((shard) => owner.owns(shard)).length,
    unflushed_bytes: 0,
    unflushed_records: 0,
  };
  for (const { shard, store } of open.values()) {
    const { bytes, records } = store.unflushed();
    const sizes = { unflushed_bytes: bytes, unflushed_records: records, ...shard?.sizes() };
    for (const [name, size] of Object.entries(sizes)) sums[name] = (sums[name] ?? 0) + size;
  }
  return sums;
}
