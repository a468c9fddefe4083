const halfBits = 7;
const half = 1 << halfBits;
const buckets = (32 - halfBits) * half;

/**
 * Counts of whole microseconds with a relative error below 1 %, in a fixed 13 KB: buckets are exact
 * up to 255 and then 128 to each doubling (the layout of an HdrHistogram).
 */
export interface Histogram {
  readonly counts: Uint32Array;
  count: number;
  max: number;
}

/** An empty histogram. */
export function createHistogram(): Histogram {
  return { counts: new Uint32Array(buckets), count: 0, max: 0 };
}

/** Adds one duration in microseconds; it is rounded down and held within 0..2^31 - 1. */
export function record(histogram: Histogram, microseconds: number): void {
  const value = Math.min(Math.max(Math.floor(microseconds), 0), 0x7fffffff);
  const at = bucketOf(value);
  histogram.counts[at] = histogram.counts[at]! + 1;
  histogram.count += 1;
  if (value > histogram.max) histogram.max = value;
}

/**
 * The smallest recorded value, in microseconds, that `share` (0..1) of all records do not exceed:
 * the top of its bucket, never above the maximum. 0 for an empty histogram.
 */
export function percentile(histogram: Histogram, share: number): number {
  const rank = Math.max(1, Math.ceil(histogram.count * share));
  let seen = 0;
  for (let at = 0; at < buckets; at += 1) {
    seen += histogram.counts[at]!;
    if (seen >= rank) return Math.min(topOf(at), histogram.max);
  }
  return 0;
}

function bucketOf(value: number): number {
  const shift = shiftOf(value);
  return shift * half + (value >> shift);
}

/** How many low bits the bucket of this value drops, so that 8 significant bits stay. */
function shiftOf(value: number): number {
  return Math.max(0, 32 - Math.clz32(value) - (halfBits + 1));
}

function topOf(at: number): number {
  if (at < 2 * half) return at;
  const shift = Math.floor(at / half) - 1;
  return (at - shift * half + 1) * 2 ** shift - 1;
}
