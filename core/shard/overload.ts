/** Why nothing new is decided at the moment. Rules S4, S11; invariant I20. */
import { refuse } from "../result.ts";
import type { Refused } from "../result.ts";
import {
  BUSY_RETRY_MS,
  WAITING_COMMANDS_MAX,
  WAITING_ROWS_MAX,
  WAITING_TELLS_MAX,
} from "./context.ts";
import type { Shard } from "./context.ts";
import type { Tell } from "./decision.ts";

const BUSY: Refused = refuse("busy", undefined, BUSY_RETRY_MS);

export function overloaded(shard: Shard): Refused | undefined {
  if (shard.failure) return refuse("unavailable");
  const { committer, lanes } = shard;
  const full = committer.waiting() >= WAITING_ROWS_MAX || lanes.size() >= WAITING_COMMANDS_MAX;
  return full || shard.pressed?.() ? BUSY : undefined;
}

/**
 * For what can tell members in other shards, before anything is loaded for it. What they tell this one goes on, or two
 * full shards would wait for ever.
 */
export function overloadedForTells(shard: Shard): Refused | undefined {
  return shard.forwarder.waiting() >= WAITING_TELLS_MAX ? BUSY : overloaded(shard);
}

/** What was decided would add to what waits for a shard that is away: only that is refused, and nothing of it is written. */
export function overloadedBy(shard: Shard, tells: readonly Tell[]): Refused | undefined {
  return tells.some(({ users }) => shard.forwarder.isFull(users)) ? BUSY : undefined;
}
