/**
 * Carries the rows of `tells` to the shards that they are for. A row leaves the store when all of them have it.
 * Rule D23, invariant I20.
 */
import type { UserId } from "@damso/protocol/ids";
import type { Bus } from "../ports/bus.ts";
import type { ShardStore } from "../ports/store.ts";
import type { Put } from "../tables.ts";
import { partFor, usersOf } from "./away.ts";
import type { AwayRow } from "./away.ts";
import type { NumberedTells } from "./commands.ts";
import type { Place } from "./here.ts";
import { createOutlet } from "./outlet.ts";
import type { Outlet } from "./outlet.ts";

/** Rows that one shard has not taken over, before what would add one for it is refused with `busy`. */
export const TARGET_ROWS_MAX = 10_000;

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
  /** One of these users lives in a shard that many rows wait for: no more are to be added. */
  isFull(users: readonly UserId[]): boolean;
  /** No row with a lower number waits. */
  first(): number;
  /** The store was opened, or opened again: these rows are left in it, and no number reached `below`. */
  reset(rows: readonly AwayRow[], below: number): void;
};

/** `targets`: how many of them have not acknowledged the row. */
type Waiting = AwayRow & { targets: number };

export type ForwarderDeps = {
  shard: number;
  place: Place | undefined;
  bus: Bus;
  warned(error: unknown): void;
};

export function createForwarder(deps: ForwarderDeps): Forwarder {
  const { shard } = deps;
  const shardOf = (user_id: UserId): number => deps.place?.shard(user_id) ?? shard;
  const outlets = new Map<number, Outlet<Waiting>>();
  let last = 0;
  let done: number[] = [];
  /** The newest that is durable, or was before this owner. */
  let added = 0;
  /** Numbers of the rows that wait, lowest first. */
  const waiting = new Set<number>();

  function send(target: number, rows: readonly AwayRow[]): Promise<boolean> {
    const isFor = (user_id: UserId): boolean => shardOf(user_id) === target;
    return feed(
      deps,
      target,
      rows.map((row) => partOf(row, isFor)),
    );
  }

  function taken(row: Waiting): void {
    if (--row.targets > 0) return;
    waiting.delete(row.n);
    done.push(row.n);
  }

  function outletTo(target: number): Outlet<Waiting> {
    let outlet = outlets.get(target);
    if (!outlet) {
      outlet = createOutlet<Waiting>((rows) => send(target, rows), taken);
      outlets.set(target, outlet);
    }
    return outlet;
  }

  const isFullAt = (target: number): boolean =>
    (outlets.get(target)?.size() ?? 0) >= TARGET_ROWS_MAX;

  function enqueue(row: AwayRow): Outlet<Waiting>[] {
    const targets = new Set(row.tells.flatMap((tell) => usersOf(tell).map(shardOf)));
    const held = { ...row, targets: targets.size };
    waiting.add(row.n);
    added = Math.max(added, row.n);
    const queues = [...targets].map(outletTo);
    for (const outlet of queues) outlet.push(held);
    return queues;
  }

  return {
    next: () => ++last,
    add(row) {
      for (const outlet of enqueue(row)) outlet.begin();
    },
    told: (target) => outlets.get(target)?.newest() ?? 0,
    tick() {
      for (const outlet of outlets.values()) outlet.tick();
    },
    erased() {
      const puts = done.map((n): Put => ({ table: "tells", key: [shard, n], row: null }));
      done = [];
      return puts;
    },
    waiting: () => waiting.size,
    // Fewer rows than one target may have are not too many for any: by far the most common.
    isFull: (users) =>
      waiting.size >= TARGET_ROWS_MAX && users.some((user_id) => isFullAt(shardOf(user_id))),
    first: () => waiting.values().next().value ?? added + 1,
    reset(rows, below) {
      last = Math.max(last, below - 1);
      added = last;
      for (const outlet of outlets.values()) outlet.close();
      outlets.clear();
      done = [];
      waiting.clear();
      for (const row of rows) enqueue(row);
    },
  };
}

async function feed(deps: ForwarderDeps, target: number, tells: NumberedTells[]): Promise<boolean> {
  try {
    const source = deps.shard;
    const { ok } = await deps.bus.request({ kind: "feed", shard: target, source, tells });
    return ok;
  } catch (error) {
    deps.warned(error);
    return false;
  }
}

function partOf({ n, tells }: AwayRow, isFor: (user_id: UserId) => boolean): NumberedTells {
  return { n, tells: tells.flatMap((tell) => partFor(tell, isFor) ?? []) };
}

const READ_PAGE = 1000;

/** The rows that were not acknowledged by all when the store was last written to. */
export async function readTells(
  store: ShardStore,
  shard: number,
  first: number,
): Promise<AwayRow[]> {
  const rows: AwayRow[] = [];
  for (;;) {
    const from = (rows.at(-1)?.n ?? first - 1) + 1;
    const page = await store.range("tells", { prefix: [shard], from, limit: READ_PAGE });
    for (const { key, row } of page)
      rows.push({ n: key[1], tells: row.tells, size: JSON.stringify(row).length });
    if (page.length < READ_PAGE) return rows;
  }
}
