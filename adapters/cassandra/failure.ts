/** What Cassandra and its driver report, in this program's words. */
import { errors, types } from "cassandra-driver";
import { certificateFault } from "../outbound/certificate.ts";

export type CassandraFailureCode =
  /** Not tried: too much is under way. Later it may do. */
  | "busy"
  /** No answer, or one that leaves open what was done. What is written again changes nothing. */
  | "unavailable"
  /** At the start: no node can be reached. */
  | "unreachable"
  /** The user name or password is wrong, or the user may not do it. */
  | "credentials"
  /** At the start: a certificate is refused, by this server or by the node, or a file with one cannot be read. */
  | "certificate"
  /** No node is in the data center that was named. */
  | "data_center"
  /** The keyspace is not there, and nobody said how to make it. */
  | "keyspace"
  /** A node runs a version that is too old. */
  | "version"
  /** The tables were made by a newer program. */
  | "schema";

export type CassandraFailure = Error & { code: CassandraFailureCode };

export function failure(
  code: CassandraFailureCode,
  message: string,
  cause?: unknown,
): CassandraFailure {
  return Object.assign(new Error(message, { cause }), { code });
}

const codes = types.responseErrorCodes;

/** Answers of a node that say something of the moment and nothing of the statement. */
const PASSING: ReadonlySet<number> = new Set([
  codes.serverError,
  codes.unavailableException,
  codes.isBootstrapping,
  codes.truncateError,
  codes.writeTimeout,
  codes.readTimeout,
  codes.readFailure,
  codes.writeFailure,
]);

const REFUSING: ReadonlySet<number> = new Set([codes.badCredentials, codes.unauthorized]);
const FULL: ReadonlySet<number> = new Set([codes.overloaded]);

/** Turns what a statement threw into a `CassandraFailure`; a bug (bad CQL, a value of a wrong type) is passed on. */
export function asFailure(error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined || !(error instanceof Error)) return error;
  return failure(code, `Cassandra failed: ${error.message}`, error);
}

function codeOf(error: unknown): "credentials" | "busy" | "unavailable" | undefined {
  if (isRefused(error)) return "credentials";
  if (isFull(error)) return "busy";
  return isSilent(error) || PASSING.has(answerCode(error)) ? "unavailable" : undefined;
}

const ONLY_TLS = "if it takes TLS only, its address needs tls=on";

/** Why the driver did not connect. A node's own reason counts more than that none is left to try. */
export function asOpenFailure(
  error: unknown,
  places: readonly string[],
  isSecure: boolean = false,
): unknown {
  const inner = [error, ...innerErrors(error)];
  const refused = inner.find(isRefused);
  if (refused) {
    return failure("credentials", `Cassandra refuses the credentials: ${refused.message}`, error);
  }
  const elsewhere = inner.find(
    (each) => each instanceof errors.ArgumentError && each.message.includes("localDataCenter"),
  );
  if (elsewhere instanceof Error) return failure("data_center", elsewhere.message, error);
  const distrusted = inner.map(certificateFault).find((fault) => fault !== undefined);
  if (distrusted !== undefined) {
    const message = `TLS with Cassandra at ${places.join(", ")} fails: ${distrusted}`;
    return failure("certificate", message, error);
  }
  if (isSilent(error)) {
    const reasons = innerErrors(error).map((each) => each.message);
    // A node that takes TLS only says nothing to who begins without it.
    const isCut = !isSecure && reasons.some((reason) => reason.includes("ECONNRESET"));
    const told = [
      ...(reasons.length > 0 ? reasons : [error.message]),
      ...(isCut ? [ONLY_TLS] : []),
    ];
    const why = [...new Set(told)].join("; ");
    return failure("unreachable", `no Cassandra node at ${places.join(", ")}: ${why}`, error);
  }
  return asFailure(error);
}

/** What a node answered, or a number that is no code of an answer. */
function answerCode(error: unknown): number {
  return error instanceof errors.ResponseError ? error.code : -1;
}

function isRefused(error: unknown): error is Error {
  return REFUSING.has(answerCode(error)) || error instanceof errors.AuthenticationError;
}

function isFull(error: unknown): boolean {
  return FULL.has(answerCode(error)) || error instanceof errors.BusyConnectionError;
}

function isSilent(error: unknown): error is Error {
  return (
    error instanceof errors.NoHostAvailableError || error instanceof errors.OperationTimedOutError
  );
}

function innerErrors(error: unknown): Error[] {
  if (!(error instanceof errors.NoHostAvailableError)) return [];
  return Object.values((error.innerErrors ?? {}) as Record<string, Error>);
}
