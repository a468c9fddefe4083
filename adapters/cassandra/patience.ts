/** What a start does while the nodes of a cluster have not told one another everything yet. */
import { errors, types } from "cassandra-driver";
import { asFailure, failure } from "./failure.ts";

const LOOK_AGAIN_MS = 500;
/** For nodes that are behind. */
const FAILING_MS = 30_000;
/** Twice as long as a lock outlives the server that held it. */
const WAITING_MS = 120_000;

/**
 * Does it again until it answers, for as long as what goes wrong passes by itself: a node that has not heard of a table
 * or a keyspace that another one takes statements for, a node that is slow because it starts too. `work` answers
 * undefined when it has to wait for somebody else.
 */
export async function patiently<T>(work: () => Promise<T | undefined>): Promise<T> {
  const started = performance.now();
  let failing_since: number | undefined;
  for (;;) {
    try {
      const answer = await work();
      if (answer !== undefined) return answer;
      failing_since = undefined;
    } catch (error) {
      failing_since ??= performance.now();
      const failing_ms = performance.now() - failing_since;
      if (failing_ms > FAILING_MS || !isPassing(error)) throw asFailure(error);
    }
    if (performance.now() - started > WAITING_MS) {
      throw failure("unavailable", "another server has been changing the schema for too long");
    }
    await Bun.sleep(LOOK_AGAIN_MS);
  }
}

function isPassing(error: unknown): boolean {
  if (isUnknown(error)) return true;
  const known = asFailure(error) as { code?: unknown };
  return known.code === "unavailable" || known.code === "busy";
}

const INVALID: ReadonlySet<number> = new Set([
  types.responseErrorCodes.invalid,
  types.responseErrorCodes.configError,
]);

/**
 * The node that was asked does not know the table or the keyspace. Asking the schema first would not help: it lists a
 * table a moment before its node takes statements for it, and other nodes hear of it later still.
 */
export function isUnknown(error: unknown): boolean {
  if (!(error instanceof errors.ResponseError) || !INVALID.has(error.code)) return false;
  return /does not exist|doesn't exist|unconfigured/.test(error.message);
}
