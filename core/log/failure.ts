/** Why a log store gives no answer. Everything but `unknown` lasts: the store has to be opened again, or not at all. */
export type LogFailureCode =
  /** Another owner appended after this one: it may write no more. Rule S13. */
  | "fenced"
  /** Nobody can tell yet whether the record is in the log: `recover` finds out. Rule S4. */
  | "unknown"
  | "closed"
  /** Records are missing or cannot be read: only a person can help. Invariant I25. */
  | "hole";

export type LogFailure = Error & { code: LogFailureCode };

export function logFailure(code: LogFailureCode, message: string): LogFailure {
  return Object.assign(new Error(message), { code });
}

/** No later try can end otherwise. */
export function isHole(error: unknown): boolean {
  return error instanceof Error && (error as Partial<LogFailure>).code === "hole";
}
