/** One server at a time changes the schema: the others wait here. */
import type { Client } from "cassandra-driver";

/**
 * Held by a row that is written by compare-and-set and goes by itself when its holder dies. `renew` is called before
 * each step and says whether the lock is still held.
 */
export type SchemaLock = { renew(): Promise<boolean>; release(): Promise<void> };

/** Longer than one step can take: a change of the schema waits 10 s for the nodes to agree. */
const TTL_S = 60;
/** One change may begin this long after the lock was last renewed. */
const RENEW_MS = 15_000;
/** The row of the lock lies among the steps, which begin at 1. */
export const LOCK = 0;

/** Undefined when somebody else has it. A try that was not answered is found again by its holder's name. */
export async function takeLock(
  client: Client,
  migrations: string,
  holder: string,
): Promise<SchemaLock | undefined> {
  const took = await isApplied(
    client,
    `INSERT INTO ${migrations} (number, name) VALUES (${LOCK}, ?) IF NOT EXISTS USING TTL ${TTL_S}`,
    [holder],
  );
  let renewed = performance.now();
  const keep = (): Promise<boolean> =>
    isApplied(
      client,
      `UPDATE ${migrations} USING TTL ${TTL_S} SET name = ? WHERE number = ${LOCK} IF name = ?`,
      [holder, holder],
    );
  if (!took && !(await keep())) return undefined;
  return {
    renew: async () => {
      if (performance.now() - renewed < RENEW_MS) return true;
      renewed = performance.now();
      return await keep();
    },
    release: async () => {
      const release = `DELETE FROM ${migrations} WHERE number = ${LOCK} IF name = ?`;
      await isApplied(client, release, [holder]);
    },
  };
}

/** A compare-and-set is not idempotent: done twice, the second finds what the first did. */
export async function isApplied(client: Client, query: string, params: string[]): Promise<boolean> {
  const result = await client.execute(query, params, { isIdempotent: false });
  return result.wasApplied();
}
