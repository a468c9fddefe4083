/**
 * Carries the rows of `tells` to the shards that they are for: in order, one unacknowledged batch at a time for each
 * target, later rows pile up behind it. A row leaves the store when all its targets have it. Rule D23, invariant I20.
 *
 * A batch that was refused, or whose answer does not come, goes out again as it was. So at most one batch of a target
 * is on its way, if several times; and the target drops what it has, whenever a copy arrives.
 */
import type { UserId } from "@damso/protocol/ids";
import type { Bus } from "../ports/bus.ts";
import type { ShardStore } from "../ports/store.ts";
import type { Put } from "../tables.ts";
import { partFor, usersOf } from "./away.ts";
import type { AwayRow } from "./away.ts";
import type { NumberedTells } from "./commands.ts";
import type { Place } from "./here.ts";

const BATCH_ROWS_MAX = 64;
const BATCH_SIZE_MAX = 256 * 1024;
/** Ticks after which an answer counts as lost. */
const ANSWER_TICKS = 10;

export type Forwarder = {
  /** The number of the next row: higher than all before, those of earlier owners included. */
  next(): number;
  /** The row is durable: it goes to the homes of its users. */
  add(row: AwayRow): void;
  /** The newest row for homes of this shard; 0: none is kept. */
  told(target: number): number;
  /** Sends again what was not taken. */
  tick(): void;
  /** Deletions of rows that all their targets have, to be committed some time. */
  erased(): Put[];
  /** Rows that a target has not acknowledged. */
  waiting(): number;
  /** The store was opened, or opened again: these rows are left in it, and no number reached `below`. */
  reset(rows: readonly AwayRow[], below: number): void;
};

type Waiting = AwayRow & { targets: number };
/** `batch`: the first rows of the queue, while they are not acknowledged. */
type Outlet = {
  queue: Waiting[];
  told: number;
  batch: readonly Waiting[];
  flying: boolean;
  tries: number;
  ticks: number;
};

export type ForwarderDeps = {
  shard: number;
  place: Place | undefined;
  bus: Bus;
  warned(error: unknown): void;
};

export function createForwarder(deps: ForwarderDeps): Forwarder {
  const { shard, bus } = deps;
  const shardOf = (user_id: UserId): number => deps.place?.shard(user_id) ?? shard;
  let last = 0;
  let outlets = new Map<number, Outlet>();
  let done: number[] = [];
  let waiting = 0;

  function outletOf(target: number): Outlet {
    let outlet = outlets.get(target);
    if (!outlet) {
      outlet = { queue: [], told: 0, batch: [], flying: false, tries: 0, ticks: 0 };
      outlets.set(target, outlet);
    }
    return outlet;
  }

  function enqueue(row: AwayRow): Set<number> {
    const targets = new Set(row.tells.flatMap((tell) => usersOf(tell).map(shardOf)));
    const held = { ...row, targets: targets.size };
    waiting++;
    for (const target of targets) {
      const outlet = outletOf(target);
      outlet.queue.push(held);
      outlet.told = row.n;
    }
    return targets;
  }

  function sendNext(target: number, outlet: Outlet): void {
    if (outlet.batch.length > 0) return;
    outlet.batch = firstOf(outlet.queue);
    if (outlet.batch.length > 0) send(target, outlet);
  }

  function send(target: number, outlet: Outlet): void {
    const { batch } = outlet;
    const tries = ++outlet.tries;
    outlet.flying = true;
    outlet.ticks = 0;
    const isFor = (user_id: UserId): boolean => shardOf(user_id) === target;
    const tells = batch.map((row) => partOf(row, isFor));
    bus.request({ kind: "feed", shard: target, source: shard, tells }).then(
      ({ ok }) => answered(target, outlet, batch, tries, ok),
      (error: unknown) => {
        deps.warned(error);
        answered(target, outlet, batch, tries, false);
      },
    );
  }

  /** An answer to an earlier try of a batch is as good as one to the last: what was acknowledged is durable there. */
  function answered(
    target: number,
    outlet: Outlet,
    batch: readonly Waiting[],
    tries: number,
    ok: boolean,
  ): void {
    if (outlets.get(target) !== outlet || outlet.batch !== batch) return;
    if (!ok) {
      if (tries === outlet.tries) outlet.flying = false;
      return;
    }
    outlet.queue.splice(0, batch.length);
    outlet.batch = [];
    for (const row of batch) {
      if (--row.targets > 0) continue;
      waiting--;
      done.push(row.n);
    }
    sendNext(target, outlet);
  }

  return {
    next: () => ++last,
    add(row) {
      for (const target of enqueue(row)) sendNext(target, outletOf(target));
    },
    told: (target) => outlets.get(target)?.told ?? 0,
    tick() {
      for (const [target, outlet] of outlets) {
        if (outlet.batch.length === 0) sendNext(target, outlet);
        else if (!outlet.flying || ++outlet.ticks >= ANSWER_TICKS) send(target, outlet);
      }
    },
    erased() {
      const puts = done.map((n): Put => ({ table: "tells", key: [shard, n], row: null }));
      done = [];
      return puts;
    },
    waiting: () => waiting,
    reset(rows, below) {
      last = Math.max(last, below - 1);
      outlets = new Map();
      done = [];
      waiting = 0;
      for (const row of rows) enqueue(row);
    },
  };
}

function firstOf(queue: readonly Waiting[]): readonly Waiting[] {
  let size = 0;
  let rows = 0;
  for (const row of queue) {
    size += row.size;
    if (rows === BATCH_ROWS_MAX || (rows > 0 && size > BATCH_SIZE_MAX)) break;
    rows++;
  }
  return queue.slice(0, rows);
}

function partOf({ n, tells }: AwayRow, isFor: (user_id: UserId) => boolean): NumberedTells {
  return { n, tells: tells.flatMap((tell) => partFor(tell, isFor) ?? []) };
}

const READ_PAGE = 1000;

/** The rows that were not acknowledged by all when the store was last written to. */
export async function readTells(store: ShardStore, shard: number): Promise<AwayRow[]> {
  const rows: AwayRow[] = [];
  for (;;) {
    const from = (rows.at(-1)?.n ?? 0) + 1;
    const page = await store.range("tells", { prefix: [shard], from, limit: READ_PAGE });
    for (const { key, row } of page)
      rows.push({ n: key[1], tells: row.tells, size: JSON.stringify(row).length });
    if (page.length < READ_PAGE) return rows;
  }
}
