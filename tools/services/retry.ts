const AGAIN_MS = 50;

export type Attempts = {
  /** `nats 0 to answer` */
  what: string;
  deadline_ms: number;
  /** Says why further attempts are in vain, when they are. */
  isVain?: () => string | undefined;
};

/**
 * Tries again, 50 ms after a failure, until it succeeds. An attempt has to end by itself.
 * @throws an error that says what was waited for, and why the last attempt failed
 */
export async function retry<T>(
  work: () => Promise<T>,
  { what, deadline_ms, isVain = () => undefined }: Attempts,
): Promise<T> {
  const end = performance.now() + deadline_ms;
  for (;;) {
    let reason: unknown;
    try {
      return await work();
    } catch (error) {
      reason = error;
    }
    const vain = isVain();
    if (vain !== undefined) throw new Error(`waited for ${what}: ${vain}`);
    if (performance.now() > end) {
      throw new Error(`waited ${deadline_ms} ms for ${what}: ${String(reason)}`);
    }
    await Bun.sleep(AGAIN_MS);
  }
}
