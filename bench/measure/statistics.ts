/** The middle value (mean of the two middle ones for an even count); NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * The median of `ours[i] / floors[i]`. The two of one pair ran right after each other, so what the
 * machine did meanwhile slows both and cancels out; dividing two medians would not have that.
 */
export function medianRatio(ours: readonly number[], floors: readonly number[]): number {
  if (ours.length !== floors.length) throw new Error("rounds of one side are missing");
  return median(ours.map((value, round) => value / floors[round]!));
}
