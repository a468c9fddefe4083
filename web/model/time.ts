/** Times in words. All take RFC 3339 texts and the present in ms since 1970, and use the device's time zone. `locale` is a BCP 47 tag. */
import type { Strings } from "./strings/strings.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs far more than using it. */
function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  // A format keeps the zone that it was made in, and people travel.
  const key = locale + new Date().getTimezoneOffset() + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, known);
  return known;
}

/** `3:05 PM`, `오후 3:05`. */
export function clockTime(at: string, locale: string): string {
  return format(locale, { hour: "numeric", minute: "2-digit" }).format(new Date(at));
}

/** The day as a number that two times share exactly when they fall on the same local day. */
export function dayOf(at: number | string): number {
  const date = new Date(at);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS;
}

/** For a line between two days: today, yesterday, else the date, with the year when it is another one. */
export function dayName(at: string, now: number, locale: string, strings: Strings): string {
  const age = dayOf(now) - dayOf(at);
  if (age === 0) return strings.today;
  if (age === 1) return strings.yesterday;
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const date: Intl.DateTimeFormatOptions = { month: "long", day: "numeric", weekday: "long" };
  return format(locale, sameYear ? date : { ...date, year: "numeric" }).format(new Date(at));
}

/** For a row of a list: the time today, yesterday, the weekday for a week, else the date. */
export function shortTime(at: string, now: number, locale: string, strings: Strings): string {
  const age = dayOf(now) - dayOf(at);
  if (age <= 0) return clockTime(at, locale);
  if (age === 1) return strings.yesterday;
  if (age < 7) return format(locale, { weekday: "short" }).format(new Date(at));
  return format(locale, { year: "2-digit", month: "numeric", day: "numeric" }).format(new Date(at));
}

/** `5 minutes ago`, `5분 전`. */
export function ago(at: string, now: number, locale: string, strings: Strings): string {
  const minutes = Math.floor((now - Date.parse(at)) / MINUTE_MS);
  if (minutes < 1) return strings.justNow;
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  if (minutes < 60) return relative.format(-minutes, "minute");
  if (minutes < 24 * 60) return relative.format(-Math.floor(minutes / 60), "hour");
  // By the calendar: 47 hours ago was not yesterday. A day of 25 hours is not over after 24.
  return relative.format(-Math.max(1, dayOf(now) - dayOf(at)), "day");
}
