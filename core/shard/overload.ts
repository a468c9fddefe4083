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

export function overloaded(shard: Shard): Refused | undefined {
  if (shard.failure) return refuse("unavailable");
  const { committer, lanes } = shard;
  const full = committer.waiting() >= WAITING_ROWS_MAX || lanes.size() >= WAITING_COMMANDS_MAX;
  return full || shard.pressed?.() ? refuse("busy", undefined, BUSY_RETRY_MS) : undefined;
}

/** For what can tell members in other shards. What they tell this one goes on, or two full shards would wait for ever. */
export function overloadedForTells(shard: Shard): Refused | undefined {
  if (shard.forwarder.waiting() >= WAITING_TELLS_MAX)
    return refuse("busy", undefined, BUSY_RETRY_MS);
  return overloaded(shard);
}
