/**
 * The shard's own row: bounds that ids stay below, moved ahead in the same commit as the id that reaches one.
 * A start reads them and knows which client ids it need not look up, and from which time on its Snowflakes are new.
 * Rules S6, S9.
 */
import type { FeedId } from "@damso/protocol/ids";
import type { CheckpointRow, Put } from "../tables.ts";
import type { ShardStore } from "../ports/store.ts";
import { AHEAD_MS } from "./dedup.ts";
import type { Shard } from "./context.ts";

const CLIENT_IDS_STEP_MS = 30_000;
const IDS_STEP_MS = 1000;
const TELLS_STEP = 1000;
/** More rows of `tells` than one shard writes in a millisecond, by far. */
const TELLS_PER_MS = 1000;

/** Reads the row, or makes the first one: the only write of a first start. */
export async function openCheckpoint(
  store: ShardStore,
  shard: number,
  now: number,
): Promise<CheckpointRow> {
  const row = await store.get("checkpoint", [shard]);
  if (row) return row;
  const first: CheckpointRow = { epoch: now.toString(36), client_ids_below: 0, ids_below: 0 };
  await store.commit([{ table: "checkpoint", key: [shard], row: first }]);
  return first;
}

/** Feeds of one epoch share an id. Whoever restores a store from a backup calls `renewEpoch`: every device is reset. */
export function feedIdOf(checkpoint: CheckpointRow): FeedId {
  return `f${checkpoint.epoch}` as FeedId;
}

/** Adds the row to a commit that gives out an id at or above a bound. `client_ms` 0: the commit accepts no client id. */
export function noteIds(shard: Shard, puts: Put[], client_ms: number, now: number): void {
  const { checkpoint } = shard;
  const ids_ms = shard.ids.last();
  const vouched = client_ms <= now + AHEAD_MS;
  if (ids_ms < checkpoint.ids_below && (client_ms < checkpoint.client_ids_below || !vouched))
    return;
  const change: Partial<CheckpointRow> = {};
  if (ids_ms >= checkpoint.ids_below) change.ids_below = ids_ms + IDS_STEP_MS;
  if (vouched && client_ms >= checkpoint.client_ids_below)
    change.client_ids_below = client_ms + CLIENT_IDS_STEP_MS;
  putCheckpoint(shard, puts, change);
}

/** Changes the row in memory and in the commit at hand; a commit that fails has it read again. */
function putCheckpoint(shard: Shard, puts: Put[], change: Partial<CheckpointRow>): void {
  const row: CheckpointRow = { ...shard.checkpoint, ...change };
  shard.checkpoint = row;
  puts.push({ table: "checkpoint", key: [shard.shard], row });
}

/** Adds the row to the commit of a `tells` row whose number reaches the bound: a number is used once, for ever. */
export function noteTells(shard: Shard, n: number, puts: Put[]): void {
  if (n < tellsBelow(shard.checkpoint)) return;
  putCheckpoint(shard, puts, { tells_below: n + TELLS_STEP });
}

const TELLS_FROM_STEP = 1000;
const PUSHES_FROM_STEP_MS = 60_000;

/**
 * Raises where reads of rows that come and go begin: a store keeps what was deleted for long, and passes over it row by
 * row. `tells_from` and `pushes_from`: below them every deletion is durable or in this commit. Rule S9.
 */
export function noteFloors(
  shard: Shard,
  puts: Put[],
  { tells_from, pushes_from }: { tells_from: number; pushes_from: number },
): void {
  const { tells_from: tells = 0, pushes_from: pushes = 0 } = shard.checkpoint;
  if (tells_from - tells < TELLS_FROM_STEP && pushes_from - pushes < PUSHES_FROM_STEP_MS) return;
  putCheckpoint(shard, puts, {
    tells_from: Math.max(tells_from, tells),
    pushes_from: Math.max(pushes_from, pushes),
  });
}

/** A row of `pushes` is due then. Before all that there are, where the clock was put back: its commit says so. */
export function notePush(shard: Shard, due_at: number, puts: Put[]): void {
  shard.push_due_at = Math.min(shard.push_due_at, due_at);
  shard.pushes_from = Math.min(shard.pushes_from, due_at);
  if (due_at < (shard.checkpoint.pushes_from ?? 0))
    putCheckpoint(shard, puts, { pushes_from: due_at });
}

/** The first number that may be given to a row of `tells` by an owner that starts. */
export function tellsBelow(checkpoint: CheckpointRow): number {
  return checkpoint.tells_below ?? 1;
}

/** Below what the shards of one place have given out numbers, taken together. It moves with the rows; a shard does not. */
export type Bounds = Required<
  Pick<CheckpointRow, "client_ids_below" | "ids_below" | "tells_below">
> & {
  /** Of the feeds that devices may hold positions of. */
  epochs: string[];
};

/** A channel may come to any shard, so what one of them has given out is given out for all. */
export function boundsOf(rows: readonly CheckpointRow[]): Bounds {
  return {
    client_ids_below: Math.max(0, ...rows.map((row) => row.client_ids_below)),
    ids_below: Math.max(0, ...rows.map((row) => row.ids_below)),
    tells_below: Math.max(1, ...rows.map(tellsBelow)),
    epochs: [...new Set(rows.map((row) => row.epoch))].toSorted(),
  };
}

/**
 * The row of a shard that begins on rows which others have written. Every device gets another feed id and is reset; what
 * was given out is not given out again, wherever it has got to meanwhile; and every client id is looked up. `now`:
 * milliseconds since 1970, later than anything that was given out. Rules D15, S6, S9, D23.
 */
export function renewedCheckpoint(bounds: Bounds, epoch: string, now: number): CheckpointRow {
  return {
    epoch,
    client_ids_below: Math.max(bounds.client_ids_below, now + 2 * AHEAD_MS),
    ids_below: Math.max(bounds.ids_below, now + IDS_STEP_MS),
    tells_below: Math.max(bounds.tells_below, now * TELLS_PER_MS),
  };
}

/** Of feeds that begin now: none of those that were. */
export function freshEpoch({ epochs }: Bounds, now: number): string {
  const epoch = now.toString(36);
  // Told apart from one that was made in the same millisecond.
  return epochs.includes(epoch) ? `${epoch}r` : epoch;
}

/** For a store that was restored from a backup, before it is served. */
export async function renewEpoch(store: ShardStore, shard: number, now: number): Promise<void> {
  const bounds = boundsOf([await openCheckpoint(store, shard, now)]);
  const row = renewedCheckpoint(bounds, freshEpoch(bounds, now), now);
  await store.commit([{ table: "checkpoint", key: [shard], row }]);
}
