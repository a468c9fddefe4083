/**
 * A lease as its holder may rely on it: it counts from when its last successful renewal was sent, because nobody knows
 * when the request arrived. Rule S17.
 */
export const LEASE_TTL_MS = 2000;
const RENEW_MS = 500;
/** How often a lease that somebody else may have is asked for. */
const TAKE_MS = 100;
/** For clocks that run at different speeds. */
const MARGIN_MS = 250;
/** Renewals whose answers may be out at once: one that is lost must not keep the next one from being sent. */
const ASKING_MAX = 4;

export type Lease = { valid_until: number; asked_at: number; asking: number };

export function newLease(): Lease {
  return { valid_until: -Infinity, asked_at: -Infinity, asking: 0 };
}

export function isValid(lease: Lease, now: number): boolean {
  return now < lease.valid_until;
}

/**
 * `renewed` says that it was never anybody else's since it was last renewed; `taken` does not. `waiting`: nothing was due.
 * Rejects with what `take` rejects with: then nothing is known.
 */
export async function renew(
  lease: Lease,
  take: (ttl_ms: number) => Promise<boolean>,
  monotonic: () => number,
): Promise<"renewed" | "taken" | "lost" | "waiting"> {
  const sent_at = monotonic();
  const due_ms = isValid(lease, sent_at) ? RENEW_MS : TAKE_MS;
  if (sent_at - lease.asked_at < due_ms || lease.asking >= ASKING_MAX) return "waiting";
  lease.asked_at = sent_at;
  lease.asking++;
  try {
    const ours = await take(LEASE_TTL_MS);
    const unbroken = isValid(lease, monotonic());
    if (!ours) lease.valid_until = -Infinity;
    else lease.valid_until = Math.max(lease.valid_until, sent_at + LEASE_TTL_MS - MARGIN_MS);
    if (!ours) return "lost";
    return unbroken ? "renewed" : "taken";
  } finally {
    lease.asking--;
  }
}
