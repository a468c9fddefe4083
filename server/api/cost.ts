/** What a call takes from the buckets of the device that makes it: the same ones as its frame's. Rule P20. */
import type { RawRequest } from "@damso/protocol/http/parse";
import type { Operation } from "@damso/protocol/http/routes";
import { LIMITS } from "@damso/protocol/limits";
import { openCost } from "../gateway/limits.ts";
import type { RateLimits } from "../gateway/limits.ts";
import type { Identity } from "../gateway/types.ts";

/** Calls that write to a channel for all to see. */
const SENDS: ReadonlySet<Operation> = new Set<Operation>([
  "createChannel",
  "patchChannel",
  "putMember",
  "takeInvite",
  "removeMember",
  "leaveChannel",
  "sendMessage",
  "editMessage",
  "deleteMessage",
  "addReaction",
  "removeReaction",
  "pin",
  "unpin",
]);

/**
 * 0 when the device may make the call, else the milliseconds until it may. Every call of a session counts, by its path and
 * query as they came: one that breaks a rule pays as well.
 */
export function takeFor(
  limits: RateLimits,
  { device_id }: Identity,
  operation: Operation,
  { query, params }: Omit<RawRequest, "body">,
): number {
  if (SENDS.has(operation)) return limits.sends.take(device_id);
  if (operation === "openChannel")
    return limits.requests.take(device_id, openCost(params["channel_id"] ?? ""));
  // One call that asks the homes of many users is as much work as that many calls.
  const users = operation === "getPresence" ? usersOf(query["users"]) : 1;
  return limits.requests.take(device_id, users);
}

/** How many it names, at least one and hardly more than it may. */
function usersOf(list = ""): number {
  return new Set(list.split(",", LIMITS.watch_users_max + 1)).size;
}
