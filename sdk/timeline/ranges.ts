/** Covered stretches of a channel: ascending, both ends included, never touching each other. */
import type { Seq } from "@damso/protocol";
import type { Range } from "../store/port.ts";

/** The ranges with `from..to` added. An empty stretch (`from > to`) adds nothing. */
export function cover(ranges: readonly Range[], from: Seq, to: Seq): readonly Range[] {
  if (from > to) return ranges;
  let [low, high] = [from, to];
  const before: Range[] = [];
  const after: Range[] = [];
  for (const range of ranges) {
    if (range[1] < low - 1) before.push(range);
    else if (range[0] > high + 1) after.push(range);
    else [low, high] = [Math.min(low, range[0]), Math.max(high, range[1])];
  }
  return [...before, [low, high], ...after];
}

/** The ranges without anything below `from`. */
export function coverFrom(ranges: readonly Range[], from: Seq): readonly Range[] {
  return ranges.filter((r) => r[1] >= from).map((r) => [Math.max(r[0], from), r[1]]);
}

/** The covered stretch that holds `seq`. */
export function rangeAt(ranges: readonly Range[], seq: Seq): Range | undefined {
  return ranges.find((r) => r[0] <= seq && seq <= r[1]);
}
