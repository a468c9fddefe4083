/** SQLite's errors in the port's words. */
import { SQL } from "bun";
import type { AccountsFailure } from "@damso/core/ports/accounts";

/** Result codes: another connection holds the lock, and nothing was done. */
const LOCKED = new Set([5, 6]);
/** No memory, read-only, I/O error, corrupt, disk full, cannot open. */
const BROKEN = new Set([7, 8, 10, 11, 13, 14]);

/** Turns what SQLite threw into an `AccountsFailure`; a bug (bad SQL, a broken constraint) is passed on as it is. */
export function asFailure(error: unknown): unknown {
  if (!(error instanceof SQL.SQLiteError)) return error;
  const message = `the accounts database failed: ${error.message}`;
  // The low byte of an extended result code is the plain one (sqlite.org/rescode.html).
  const code = error.errno & 0xff;
  if (LOCKED.has(code)) return failure("busy", message, error);
  if (BROKEN.has(code) || error.code === "ERR_SQLITE_CONNECTION_CLOSED") {
    return failure("unavailable", message, error);
  }
  return error;
}

export function failure(
  code: AccountsFailure["code"],
  message: string,
  cause?: unknown,
): AccountsFailure {
  return Object.assign(new Error(message, { cause }), { code });
}
