/** The store's failures in the protocol's words. */
import type { AccountsFailure } from "@damso/core/ports/accounts";
import { refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";

const BUSY_MS = 1000;

/** Answers `busy` or `unavailable` where the accounts store failed; everything else that is thrown is a bug. */
export async function guarded<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as Partial<AccountsFailure>;
    if (code === "busy") return refuse("busy", undefined, BUSY_MS);
    if (code === "unavailable") return refuse("unavailable");
    throw error;
  }
}
