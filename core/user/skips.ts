/**
 * Which messages above the read marker do not count as unread: own, system, deleted, hidden. Rule D12.
 *
 * Kept as spans `[from, to, count]` in ascending order: of the seqs from..to, `count` are skipped. A span with
 * `count` = its length is exact. When there are too many, the oldest are merged in pairs, which keeps every sum right;
 * only a read marker that lands inside a merged span needs the messages themselves to be counted, and only of that span.
 */
import type { Seq } from "@damso/protocol/ids";

export type Skip = [from: Seq, to: Seq, count: number];
export type Skips = Skip[];

/** Spans kept per channel. A person has a few; a bot that writes between others and never reads has this many. */
export const SKIPS_MAX = 256;

const isExact = ([from, to, count]: Skip): boolean => count === to - from + 1;

/**
 * Adds a seq; answers by how much the sum grew. `known`: the caller knows that the seq was not skipped before, which a
 * merged span cannot tell.
 */
export function addSkip(skips: Skips, seq: Seq, known: boolean): number {
  const last = skips.at(-1);
  if (!last || seq > last[1]) {
    if (last && seq === last[1] + 1) extend(last, seq);
    else skips.push([seq, seq, 1]);
    if (skips.length > SKIPS_MAX) fold(skips);
    return 1;
  }
  const at = skips.findIndex(([, to]) => to >= seq);
  const span = skips[at] as Skip;
  if (span[0] > seq) {
    skips.splice(at, 0, [seq, seq, 1]);
    if (skips.length > SKIPS_MAX) fold(skips);
    return 1;
  }
  if (isExact(span) || !known) return 0;
  span[2]++;
  return 1;
}

function extend(span: Skip, seq: Seq): void {
  span[1] = seq;
  span[2]++;
}

/** Merges the older half in pairs: what is newest, and read next, stays exact. */
function fold(skips: Skips): void {
  const half = SKIPS_MAX / 2;
  const merged: Skips = [];
  for (let i = 0; i < half; i += 2) {
    const [a, b] = [skips[i] as Skip, skips[i + 1] as Skip];
    merged.push([a[0], b[1], a[2] + b[2]]);
  }
  skips.splice(0, half, ...merged);
}

/** The span that a seq lies in. */
export function spanAt(skips: Skips, seq: Seq): Skip | undefined {
  return skips.find(([from, to]) => from <= seq && seq <= to);
}

/** The merged span that a read marker at `seq` would cut: its part above must be counted. */
export function cutSpan(skips: Skips, seq: Seq): Skip | undefined {
  return skips.find((span) => span[0] <= seq && seq < span[1] && !isExact(span));
}

/** Forgets what is at or below `seq`; `rest`: the count above it of the merged span that it cuts. Answers the new sum. */
export function dropSkips(skips: Skips, seq: Seq, rest: number | undefined): number {
  const kept: Skips = [];
  let sum = 0;
  for (const span of skips) {
    const [from, to] = span;
    if (to <= seq) continue;
    const count = from > seq ? span[2] : isExact(span) ? to - seq : (rest ?? 0);
    sum += count;
    if (count > 0) kept.push([Math.max(from, seq + 1), to, count]);
  }
  skips.splice(0, skips.length, ...kept);
  return sum;
}

export function sumSkips(skips: Skips): number {
  let sum = 0;
  for (const [, , count] of skips) sum += count;
  return sum;
}

export function copySkips(skips: Skips): Skips {
  return skips.map(([from, to, count]) => [from, to, count]);
}
