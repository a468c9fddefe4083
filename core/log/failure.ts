/** Why a log store gives no answer. Everything but `unknown` lasts: the store has to be opened again, or not at all. */
export type LogFailureCode =
  /** Another owner appended after this one: it may write no more. Rule S13. */
  | "fenced"
  /** Nobody can tell yet whether the record is in the log: `recover` finds out. Rule S4. */
  | "unknown"
  | "closed"
  /** No record of the log is that long: it has not left, and nothing is in doubt. */
  | "too_large"
  /** Records are missing or cannot be read: only a person can help. Invariant I25. */
  | "hole";

export type LogFailure = Error & { code: LogFailureCode };

export function logFailure(code: LogFailureCode, message: string): LogFailure {
  return Object.assign(new Error(message), { code });
}

/** Whoever fails with it, a log or what it is kept in: trying again is of no use. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof Error && (error as Partial<LogFailure>).code === "too_large";
}

/** No later try can end otherwise. */
export function isHole(error: unknown): boolean {
  return error instanceof Error && (error as Partial<LogFailure>).code === "hole";
}
