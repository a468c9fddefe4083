const AGAIN_MS = 50;

/**
 * Asks again every 50 ms until the answer is true.
 * @throws an error that says what was waited for, after `deadline_ms`
 */
export async function until(
  condition: () => Promise<boolean>,
  what: string,
  deadline_ms: number,
): Promise<void> {
  const end = performance.now() + deadline_ms;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${deadline_ms} ms for ${what}`);
    await Bun.sleep(AGAIN_MS);
  }
}

/** True when `work` ends without an error: for servers that are not there yet. */
export async function succeeds(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch {
    return false;
  }
}
