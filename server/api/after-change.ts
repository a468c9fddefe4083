/** The answer to a change that is made already. Rule P21. */
import { refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { ApiDeps } from "./deps.ts";

const TRIES = 3;
const WAIT_MS = 250;
const WAIT_MS_MAX = 1_000;

/**
 * What is read of something that has just been changed. `busy` says that nothing was done, which is no longer true: so it
 * is read a few times, and what cannot be read then is `unavailable`, which leaves open what became of the request.
 */
export async function readChanged<T>(
  { timers }: Pick<ApiDeps, "timers">,
  read: () => Promise<Result<T>>,
): Promise<Result<T>> {
  for (let tries = 1; ; tries++) {
    const found = await read();
    if (found.ok || found.refusal.code !== "busy") return found;
    if (tries === TRIES) return refuse("unavailable", "it is done, but cannot be read now");
    const wait_ms = Math.min(found.refusal.retry_after_ms ?? WAIT_MS, WAIT_MS_MAX);
    await new Promise<void>((resolve) => timers.after(wait_ms, resolve));
  }
}
