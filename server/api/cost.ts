/** What a call takes from the buckets of the device that makes it: the same ones as its frame's. Rule P20. */
import type { Operation } from "@damso/protocol/http/routes";
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

/** 0 when the device may make the call, else the milliseconds until it may. Every call of a session counts. */
export function takeFor(
  limits: RateLimits,
  { device_id }: Identity,
  operation: Operation,
  { query, params }: { query: object; params: object },
): number {
  if (SENDS.has(operation)) return limits.sends.take(device_id);
  if (operation === "openChannel" && "channel_id" in params)
    return limits.requests.take(device_id, openCost(String(params.channel_id)));
  // One call that asks the homes of many users is as much work as that many calls.
  const users = "users" in query && Array.isArray(query.users) ? query.users : [];
  return limits.requests.take(device_id, Math.max(1, new Set(users).size));
}
