/**
 * Sets of seqs as sorted, disjoint, non-touching closed ranges: what unread is computed with and hidden messages are kept in.
 * All functions return new arrays; none changes its argument. Rule D12.
 */
import type { Seq } from "@damso/protocol/ids";

export type Ranges = readonly (readonly [from: Seq, to: Seq])[];

export const NO_RANGES: Ranges = [];

/** Appending at the end, the common case, costs one small copy. */
export function addSeq(ranges: Ranges, seq: Seq): Ranges {
  const last = ranges.at(-1);
  if (!last || seq > last[1] + 1) return [...ranges, [seq, seq]];
  if (seq === last[1] + 1) return [...ranges.slice(0, -1), [last[0], seq]];
  if (hasSeq(ranges, seq)) return ranges;
  return insert(ranges, seq);
}

function insert(ranges: Ranges, seq: Seq): Ranges {
  const out: [Seq, Seq][] = [];
  let [from, to] = [seq, seq];
  let placed = false;
  for (const [a, b] of ranges) {
    if (b + 1 < from) out.push([a, b]);
    else if (a - 1 > to) {
      if (!placed) out.push([from, to]);
      placed = true;
      out.push([a, b]);
    } else [from, to] = [Math.min(a, from), Math.max(b, to)];
  }
  if (!placed) out.push([from, to]);
  return out;
}

export function hasSeq(ranges: Ranges, seq: Seq): boolean {
  let [low, high] = [0, ranges.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [from, to] = ranges[middle] as readonly [Seq, Seq];
    if (seq < from) high = middle - 1;
    else if (seq > to) low = middle + 1;
    else return true;
  }
  return false;
}

/** What remains above `seq`. */
export function above(ranges: Ranges, seq: Seq): Ranges {
  if (ranges.length === 0 || (ranges[0] as readonly [Seq, Seq])[0] > seq) return ranges;
  const out: [Seq, Seq][] = [];
  for (const [from, to] of ranges) if (to > seq) out.push([Math.max(from, seq + 1), to]);
  return out;
}

export function countSeqs(ranges: Ranges): number {
  let count = 0;
  for (const [from, to] of ranges) count += to - from + 1;
  return count;
}
