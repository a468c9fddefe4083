/** Whether a device may do one more thing now, and what happens when it may not. Rules P12, P20. */
import { CLOSE, refusal } from "@damso/protocol/codes";
import { RATE_REFUSALS_MAX } from "./bounds.ts";
import type { DeviceBuckets } from "./limits.ts";
import { end, reply } from "./outgoing.ts";
import { frameOf, refuseFrame } from "./replies.ts";
import type { Hub, Ready } from "./types.ts";
import { turnWindow } from "./window.ts";

/** False when the bucket of sends is empty; the frame is refused then. */
export function maySend(hub: Hub, connection: Ready, id: number): boolean {
  return allow(hub, connection, id, hub.rate_limits.sends);
}

/** As `maySend`, for reads and for what a user changes about himself. `cost`: how many requests it counts as. */
export function mayAsk(hub: Hub, connection: Ready, id: number | undefined, cost = 1): boolean {
  return allow(hub, connection, id, hub.rate_limits.requests, cost);
}

/** A socket that keeps at it is closed. */
function allow(
  hub: Hub,
  connection: Ready,
  id: number | undefined,
  buckets: DeviceBuckets,
  cost = 1,
): boolean {
  const wait = buckets.take(connection.attachee.device_id, cost);
  if (wait === 0) return true;
  hub.counters.bounds.rate_limited++;
  turnWindow(hub, connection);
  refuseFrame(hub, connection, id, refusal("rate_limited", undefined, wait));
  if (++connection.rate_refusals > RATE_REFUSALS_MAX) tooFast(hub, connection, wait);
  return false;
}

export function tooFast(hub: Hub, connection: Ready, retry_after_ms: number): void {
  reply(hub, connection, frameOf("bye", undefined, { reason: "rate_limited", retry_after_ms }));
  end(hub, connection, CLOSE.rate_limited, "rate limited");
}
