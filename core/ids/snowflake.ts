/**
 * Snowflake ids: 41 bits of milliseconds since 2015-01-01, 10 bits shard, 12 bits counter. Rule S6.
 * A clock that steps back or stands still never repeats or reorders an id: the counter borrows from the next millisecond.
 */
import type { Clock } from "../ports/clock.ts";

export const EPOCH_MS: number = Date.UTC(2015, 0, 1);
const COUNTER_BITS = 12n;
const SHARD_BITS = 10n;
const COUNTER_MAX = 4095;

export function snowflake(ms: number, shard: number, counter: number): string {
  const time = BigInt(ms - EPOCH_MS) << (SHARD_BITS + COUNTER_BITS);
  return (time | (BigInt(shard) << COUNTER_BITS) | BigInt(counter)).toString();
}

/** Milliseconds since 1970 that an id was made at. */
export function snowflakeTime(id: string): number {
  return Number(BigInt(id) >> (SHARD_BITS + COUNTER_BITS)) + EPOCH_MS;
}

export type IdClock = {
  /** The next id: later than every one before it, and of a later millisecond than `after_ms`. */
  next(after_ms?: number): { id: string; ms: number };
  /** The newest time given out: where a new owner goes on. */
  last(): number;
};

export function createIdClock(clock: Clock, shard: number, last_ms = 0): IdClock {
  let time = last_ms;
  // A restart cannot know how far the counter of its last millisecond had got: that millisecond counts as used up.
  let counter = COUNTER_MAX;
  return {
    next(after_ms = 0) {
      // An id of another owner in the millisecond `after_ms` may hold any counter, so step past it,
      // unless this clock is there already.
      const floor = after_ms >= time ? after_ms + (after_ms === time ? 0 : 1) : 0;
      const now = Math.max(clock.now(), floor, EPOCH_MS);
      if (now > time) [time, counter] = [now, 0];
      else if (counter < COUNTER_MAX) counter++;
      else [time, counter] = [time + 1, 0];
      return { id: snowflake(time, shard, counter), ms: time };
    },
    last: () => time,
  };
}

/** RFC 3339 with milliseconds; the last answer is kept, because a busy shard stamps many messages within one. */
export function createStamp(): (ms: number) => string {
  let known = Number.NaN;
  let text = "";
  return (ms) => {
    if (ms !== known) [known, text] = [ms, new Date(ms).toISOString()];
    return text;
  };
}
