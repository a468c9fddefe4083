/** Homes out of reach: what they may have revoked meanwhile is not served for ever. Rule I17. */
import type { Hub } from "./types.ts";

/**
 * Nothing about this session was answered for so long that it may be revoked. `now` is `monotonic` time, in which a
 * process that stood still is as late as it is.
 */
export function isSilent(hub: Hub, { answered_at }: { answered_at: number }, now: number): boolean {
  return now - answered_at > hub.silence_ms_max;
}
