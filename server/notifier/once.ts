/** Answers that are kept for a while, asked for once by all who want them at the same time. */
import { putNewest } from "@damso/protocol/bounded";

export type OnceOptions = { ms: number; max: number; now: () => number };

/** What failed is asked for again by the next one. Beyond `max` those asked for first are forgotten. */
export function once<T>(
  ask: (key: string) => Promise<T>,
  { ms, max, now }: OnceOptions,
): (key: string) => Promise<T> {
  const kept = new Map<string, { answer: Promise<T>; at: number }>();
  return (key) => {
    const known = kept.get(key);
    // A clock that was put back makes nothing last longer.
    if (known && Math.abs(now() - known.at) < ms) return known.answer;
    const entry = { answer: ask(key), at: now() };
    putNewest(kept, key, entry, max);
    entry.answer.catch(() => {
      if (kept.get(key) === entry) kept.delete(key);
    });
    return entry.answer;
  };
}
