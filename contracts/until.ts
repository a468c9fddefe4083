/** Waits for a condition that something asynchronous brings about; a test that waits in vain fails here. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what = "the condition",
  deadline_ms = 5000,
): Promise<void> {
  const end = performance.now() + deadline_ms;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`${what} did not come about in ${deadline_ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
