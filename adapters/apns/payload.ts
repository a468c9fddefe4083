/** What APNs is told, as Apple describes it. Rules N3, N14. */
import type { Delivery } from "@damso/core/ports/push";
import { fitted } from "../outbound/fit.ts";

const PAYLOAD_BYTES_MAX = 4096;
const COLLAPSE_BYTES_MAX = 64;

export function headersOf(
  { notice, collapse, ttl_s }: Delivery,
  topic: string,
  now: number,
): Record<string, string> {
  const loud = notice.kind === "message";
  return {
    "apns-topic": topic,
    // For Apple a badge is an alert: what comes in the background has none, wakes the app, and is let through seldom.
    "apns-push-type": notice.kind === "read" ? "background" : "alert",
    "apns-priority": loud ? "10" : "5",
    "apns-expiration": String(Math.floor(now / 1000) + ttl_s),
    "apns-collapse-id": collapse.slice(0, COLLAPSE_BYTES_MAX),
  };
}

export function payloadOf({ notice }: Delivery): string {
  const { kind, channel, seq, pos, badge } = notice;
  if (notice.kind === "badge") return JSON.stringify({ aps: { badge }, kind });
  const data = { kind, channel, seq, pos };
  if (notice.kind === "read")
    return JSON.stringify({ aps: { "content-available": 1, badge }, ...data });
  return fitted(notice.body, PAYLOAD_BYTES_MAX, (body) => {
    const aps = {
      alert: { title: notice.title, body },
      badge,
      "thread-id": channel,
      ...(notice.silent ? { "interruption-level": "passive" } : { sound: "default" }),
    };
    return JSON.stringify({ aps, ...data, count: notice.count });
  });
}
