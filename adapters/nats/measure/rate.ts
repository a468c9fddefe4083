/** How often a few things can be done side by side, each again when it is done. */
export async function rateOf(
  works: readonly (() => Promise<void>)[],
  duration_ms: number,
): Promise<string> {
  const took: number[] = [];
  const begin = performance.now();
  const repeat = async (work: () => Promise<void>): Promise<void> => {
    for (let at = performance.now(); at - begin < duration_ms;) {
      await work();
      const now = performance.now();
      took.push(now - at);
      at = now;
    }
  };
  await Promise.all(works.map(repeat));
  const rate = took.length / ((performance.now() - begin) / 1000);
  took.sort((a, b) => a - b);
  const at = (share: number): string => (took[Math.floor(share * took.length)] ?? 0).toFixed(1);
  return `${rate.toFixed(0)}/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}
