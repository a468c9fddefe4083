/** SQLite's errors in the port's words. */
import { SQL } from "bun";
import type { AccountsFailure } from "@damso/core/ports/accounts";

/** Result codes of the world, not of a bug: locked, no memory, read-only, I/O, corrupt, full, cannot open. */
const WORLD = new Set([5, 6, 7, 8, 10, 11, 13, 14]);

/** Turns what SQLite threw into an `AccountsFailure`; a bug (bad SQL, a broken constraint) is passed on as it is. */
export function asFailure(error: unknown): unknown {
  if (!(error instanceof SQL.SQLiteError)) return error;
  const closed = error.code === "ERR_SQLITE_CONNECTION_CLOSED";
  // The low byte of an extended result code is the plain one (sqlite.org/rescode.html).
  if (!closed && !WORLD.has(error.errno & 0xff)) return error;
  return failure("unavailable", `the accounts database failed: ${error.message}`, error);
}

export function failure(
  code: AccountsFailure["code"],
  message: string,
  cause?: unknown,
): AccountsFailure {
  return Object.assign(new Error(message, { cause }), { code });
}
