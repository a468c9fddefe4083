/** A time to come, in words: the clock today, else with the date. */
import { dayOf } from "./time.ts";

export function untilText(at: string, now: number, locale: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "";
  const clock: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };
  const day: Intl.DateTimeFormatOptions = { month: "long", day: "numeric" };
  const options = dayOf(at) === dayOf(now) ? clock : { ...day, ...clock };
  return new Intl.DateTimeFormat(locale, options).format(date);
}

/** The day alone, with its year: `12 March 2026`. */
export function dateText(at: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long" }).format(new Date(at));
}
