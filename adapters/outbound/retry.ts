/** What comes of a push when its service says "not now". */
import type { SendOutcome } from "@damso/core/ports/push";

/** `header`: its `Retry-After`, if there is one; `usual_ms`: what that service wants to be left alone without it. */
export function later(
  why: string,
  header: string | null | undefined,
  now: number,
  usual_ms?: number,
): SendOutcome {
  const after_ms = retryAfterMs(header, now) ?? usual_ms;
  return { outcome: "later", why, ...(after_ms !== undefined && { after_ms }) };
}

/** Seconds or a date (RFC 9110, 10.2.3), as milliseconds from now. */
function retryAfterMs(header: string | null | undefined, now: number): number | undefined {
  if (!header) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
