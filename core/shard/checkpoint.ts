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
  const row: CheckpointRow = { ...checkpoint };
  if (ids_ms >= row.ids_below) row.ids_below = ids_ms + IDS_STEP_MS;
  if (vouched && client_ms >= row.client_ids_below)
    row.client_ids_below = client_ms + CLIENT_IDS_STEP_MS;
  shard.checkpoint = row;
  puts.push({ table: "checkpoint", key: [shard.shard], row });
}

/** Adds the row to the commit of a `tells` row whose number reaches the bound: a number is used once, for ever. */
export function noteTells(shard: Shard, n: number, puts: Put[]): void {
  if (n < tellsBelow(shard.checkpoint)) return;
  const row: CheckpointRow = { ...shard.checkpoint, tells_below: n + TELLS_STEP };
  shard.checkpoint = row;
  puts.push({ table: "checkpoint", key: [shard.shard], row });
}

/** The first number that may be given to a row of `tells` by an owner that starts. */
export function tellsBelow(checkpoint: CheckpointRow): number {
  return checkpoint.tells_below ?? 1;
}

/**
 * For a store that was restored from a backup, before it is served. Every device gets another feed id and is reset;
 * what was given out after the backup was made is not given out again, wherever it has got to meanwhile; and every
 * client id is looked up. `now`: milliseconds since 1970, later than anything in the lost part. Rules D15, S6, S9, D23.
 */
export async function renewEpoch(store: ShardStore, shard: number, now: number): Promise<void> {
  const old = await openCheckpoint(store, shard, now);
  const epoch = now.toString(36);
  const row: CheckpointRow = {
    // Told apart from one that was made in the same millisecond.
    epoch: epoch === old.epoch ? `${epoch}r` : epoch,
    client_ids_below: Math.max(old.client_ids_below, now + 2 * AHEAD_MS),
    ids_below: Math.max(old.ids_below, now + IDS_STEP_MS),
    tells_below: Math.max(tellsBelow(old), now * TELLS_PER_MS),
  };
  await store.commit([{ table: "checkpoint", key: [shard], row }]);
}
