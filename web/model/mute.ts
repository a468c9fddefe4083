/** How long a chat is quiet. */
export type Mute = "off" | "hour" | "workday" | "ever";

const HOUR_MS = 3_600_000;
/** Far enough to be for ever. */
const EVER = "9999-12-31T00:00:00.000Z";

/** What `muted_until` becomes; null for not muted. */
export function mutedUntil(mute: Mute, now: number): string | null {
  if (mute === "off") return null;
  if (mute === "ever") return EVER;
  return new Date(now + (mute === "hour" ? HOUR_MS : 8 * HOUR_MS)).toISOString();
}

/** Whether a channel that is muted until then is quiet now. */
export function isMuted(muted_until: string | undefined, now: number): boolean {
  return Date.parse(muted_until ?? "") > now;
}

/** What the choice shows for a channel that is muted until then. */
export function muteOf(muted_until: string | undefined, now: number): Mute {
  const left = Date.parse(muted_until ?? "") - now;
  if (!(left > 0)) return "off";
  if (left <= HOUR_MS) return "hour";
  return left <= 8 * HOUR_MS ? "workday" : "ever";
}
