/** PostgreSQL's errors in the port's words. Source: the table of SQLSTATE codes in its manual, appendix A. */
import { SQL } from "bun";
import type { AccountsFailure } from "@damso/core/ports/accounts";
import { certificateFault } from "../outbound/certificate.ts";

/** Why the store could not be opened; the rest are an `AccountsFailure`'s. */
export type PostgresFailureCode =
  | AccountsFailure["code"]
  /** Nobody answers at the address. */
  | "unreachable"
  /** The user name or password is wrong, or the user may not do it. */
  | "credentials"
  /** Its certificate is refused. */
  | "certificate"
  /** The database is not there. */
  | "database"
  /** The server is too old. */
  | "version";

export type PostgresFailure = Error & { code: PostgresFailureCode };

export function failure(
  code: PostgresFailureCode,
  message: string,
  cause?: unknown,
): PostgresFailure {
  return Object.assign(new Error(message, { cause }), { code });
}

const DEADLOCK = "40P01";
const SERIALIZATION = "40001";
const UNIQUE = "23505";

/** Rolled back for certain: a timeout, a lock that did not come, too many connections. */
const UNDONE = new Set(["57014", "55P03", "53300", DEADLOCK, SERIALIZATION]);
/** Connection, resources, intervention by an operator or a crash, the system below, internal errors. */
const BROKEN = ["08", "53", "57", "58", "XX"];
/** A server that only reads, as after a failover to a standby that is not promoted yet. */
const READ_ONLY = "25006";

/** Turns what PostgreSQL threw into an `AccountsFailure`; a bug (bad SQL, a broken constraint) is passed on as it is. */
export function asFailure(error: unknown): unknown {
  const fault = certificateFault(error);
  if (fault !== undefined)
    return failure("unavailable", `the accounts database failed: ${fault}`, error);
  if (!(error instanceof SQL.PostgresError)) return error;
  const message = `the accounts database failed: ${error.message}`;
  const state = stateOf(error);
  if (state === undefined) {
    return isConnection(error) ? failure("unavailable", message, error) : error;
  }
  if (UNDONE.has(state)) return failure("busy", message, error);
  const broken = state === READ_ONLY || BROKEN.includes(state.slice(0, 2));
  return broken ? failure("unavailable", message, error) : error;
}

/** Why the first statement failed. `place` is the address without its password. */
export function asOpenFailure(error: unknown, place: string): unknown {
  const fault = certificateFault(error);
  if (fault !== undefined)
    return failure("certificate", `TLS with PostgreSQL at ${place} fails: ${fault}`, error);
  if (!(error instanceof SQL.PostgresError)) return error;
  const state = stateOf(error);
  if (state?.startsWith("28")) {
    return failure("credentials", `${place} refuses the credentials: ${error.message}`, error);
  }
  if (state === "42501") {
    return failure("credentials", `the user of ${place} lacks a right: ${error.message}`, error);
  }
  if (state === "3D000") return failure("database", `${place}: ${error.message}`, error);
  if (state === undefined && isConnection(error)) {
    return failure("unreachable", `no PostgreSQL at ${place}: ${error.message}`, error);
  }
  return asFailure(error);
}

/**
 * Whether the transaction was rolled back only because of another one, so that it may do when it is done again: a
 * deadlock, or an address that two devices registered at once.
 */
export function mayRepeat(error: unknown): boolean {
  if (!(error instanceof SQL.PostgresError)) return false;
  const state = stateOf(error);
  if (state === DEADLOCK || state === SERIALIZATION) return true;
  return state === UNIQUE && error.constraint === "subscriptions_address_key";
}

const stateOf = (error: SQL.PostgresError): string | undefined => error.errno;

/** Bun's own errors have no SQLSTATE. */
function isConnection({ code }: SQL.PostgresError): boolean {
  return /CONNECTION|TIMEOUT|AUTHENTICATION|TLS/.test(code);
}
