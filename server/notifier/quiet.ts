/** Whether it is a quiet hour where the device is. Rule N8. */

export type QuietHours = { from: string; to: string };

const ZONES_MAX = 500;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** The night may pass midnight. Without a zone, or in one that nobody knows, it is that of UTC. */
export function isQuiet(
  hours: QuietHours | undefined,
  time_zone: string | undefined,
  now: number,
): boolean {
  if (!hours || hours.from === hours.to) return false;
  const time = clockOf(time_zone ?? "UTC").format(now);
  return hours.from < hours.to
    ? hours.from <= time && time < hours.to
    : hours.from <= time || time < hours.to;
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  if (clocks.size >= ZONES_MAX) clocks.clear();
  const clock = formatOf(timeZone) ?? formatIn("UTC");
  clocks.set(timeZone, clock);
  return clock;
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return formatIn(timeZone);
  } catch {
    return undefined;
  }
}

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const [hour, minute, hourCycle] = ["2-digit", "2-digit", "h23"] as const;
  return new Intl.DateTimeFormat("en-GB", { timeZone, hour, minute, hourCycle });
}
