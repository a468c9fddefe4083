/**
 * A disk with an ordered store on it, as LevelDB keeps one: a commit is a batch that is there whole or not at all, and
 * only what was synced outlives the machine. The disk can be slow, full, or fail a sync.
 */
import type { ShardStore } from "@damso/core/ports/store";
import type { KeyOf, Put, TableName } from "@damso/core/tables";
import type { Host } from "../kernel/host.ts";
import type { Random } from "../kernel/random.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import type { Tally } from "../kernel/tally.ts";
import { createRows, textOf } from "./rows.ts";
import type { Rows } from "./rows.ts";

/** What the nemesis does to the disk at the moment. */
export type DiskFaults = {
  /** A sync takes about this long. */
  sync_ms: number;
  /** A read takes about this long, a part of it after it has seen the row. */
  read_ms: number;
  /** Of syncs. */
  failing: number;
  full: boolean;
  /** Of reads. */
  unreadable: number;
};

export const HEALTHY: DiskFaults = {
  sync_ms: 0.6,
  read_ms: 0.05,
  failing: 0,
  full: false,
  unreadable: 0,
};

type Batch = { puts: { put: Put; text: string | null }[] };

/** The disk itself: it stays when programs come and go. */
export type Disk = {
  rows: Rows;
  faults: DiskFaults;
  /** Handed to the disk and not known to be on it: after a crash or a failed sync it may be there or not. */
  limbo: Batch | undefined;
  commits: number;
};

export type DiskWorld = {
  scheduler: Scheduler;
  random: Random;
  tally: Tally;
  /** Told in the moment in which rows are on the disk. */
  landed(puts: readonly Put[]): void;
};

/** Empty and well. */
export function createDisk(): Disk {
  return { rows: createRows(), faults: HEALTHY, limbo: undefined, commits: 0 };
}

function land(world: DiskWorld, disk: Disk, { puts }: Batch): void {
  for (const { put, text } of puts) {
    disk.rows.put(put, text);
    world.scheduler.overhear("disk", `${put.table}/${put.key.join("/")}`, text ?? "deleted");
  }
  disk.commits++;
  world.landed(puts.map(({ put }) => put));
}

/** After a crash, and when a store is opened again: the batch in limbo is there whole, or it never will be. */
export function settleLimbo(world: DiskWorld, disk: Disk, likely: number): void {
  const { limbo } = disk;
  disk.limbo = undefined;
  if (!limbo) return;
  const there = world.random.chance(likely);
  world.tally.sometimes(there ? "an unanswered commit landed" : "an unanswered commit was lost");
  if (there) land(world, disk, limbo);
}

/** The store as one life of a server sees it. */
export function openDisk(world: DiskWorld, disk: Disk, host: Host): ShardStore {
  const { scheduler, random, tally } = world;
  let broken = false;

  const wait = (ms: number, label: string): Promise<void> => scheduler.pause(ms, label, host);

  async function commit(puts: readonly Put[]): Promise<void> {
    if (broken) throw new Error("an earlier commit failed");
    // Encoded now: a row that its owner changes later must not change what was committed.
    const batch: Batch = { puts: puts.map((put) => ({ put, text: textOf(put) })) };
    disk.limbo = batch;
    const { faults } = disk;
    await wait(0.05 + random.exponential(faults.sync_ms), "sync");
    const reason = faultOf(disk.faults);
    if (reason !== undefined) {
      broken = true;
      throw new Error(reason);
    }
    disk.limbo = undefined;
    land(world, disk, batch);
  }

  function faultOf(faults: DiskFaults): string | undefined {
    if (faults.full) {
      tally.fault("commit on a full disk");
      return "ENOSPC: no space left on device";
    }
    if (faults.failing > 0 && random.chance(faults.failing)) {
      tally.fault("failed sync");
      return "EIO: sync failed";
    }
    return undefined;
  }

  /** What is committed between the looking and the answer is not in it. */
  async function read<T>(look: () => T): Promise<T> {
    const { read_ms, unreadable } = disk.faults;
    const ms = 0.02 + random.exponential(read_ms);
    const before_ms = ms * random.next();
    await wait(before_ms, "read");
    const seen = look();
    await wait(ms - before_ms, "read answered");
    if (unreadable === 0 || !random.chance(unreadable)) return seen;
    tally.fault("failed read");
    throw new Error("EIO: read failed");
  }

  return {
    commit: (puts) => (puts.length === 0 ? Promise.resolve() : commit(puts)),
    get: (table, key) => read(() => disk.rows.get(table, key)),
    many: <T extends TableName>(table: T, keys: readonly KeyOf<T>[]) =>
      read(() => keys.map((key) => disk.rows.get(table, key))),
    range: (table, range) => read(() => disk.rows.range(table, range)),
    async recover() {
      await wait(1, "recover");
      if (disk.faults.full) throw new Error("ENOSPC: no space left on device");
      settleLimbo(world, disk, 0.5);
      tally.sometimes("a failed store was opened again");
      broken = false;
    },
    async close() {},
  };
}
