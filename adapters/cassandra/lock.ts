/** One node at a time changes the schema: the others wait here. */
import { randomUUID } from "node:crypto";
import type { Client } from "cassandra-driver";

/**
 * Held by a row that is written by compare-and-set and goes by itself when its holder dies. `renew` is called before
 * each step and says whether the lock is still held.
 */
export type SchemaLock = { renew(): Promise<boolean>; release(): Promise<void> };

/** Longer than one step can take: a change of the schema waits 10 s for the nodes to agree. */
const TTL_S = 60;
/** The row of the lock lies among the steps, which begin at 1. */
const LOCK = 0;

/** Undefined when somebody else has it. */
export async function takeLock(
  client: Client,
  migrations: string,
): Promise<SchemaLock | undefined> {
  const holder = randomUUID();
  const took = await isApplied(
    client,
    `INSERT INTO ${migrations} (number, name) VALUES (${LOCK}, ?) IF NOT EXISTS USING TTL ${TTL_S}`,
    [holder],
  );
  if (!took) return undefined;
  return {
    renew: () =>
      isApplied(
        client,
        `UPDATE ${migrations} USING TTL ${TTL_S} SET name = ? WHERE number = ${LOCK} IF name = ?`,
        [holder, holder],
      ),
    release: async () => {
      await isApplied(client, `DELETE FROM ${migrations} WHERE number = ${LOCK} IF name = ?`, [
        holder,
      ]);
    },
  };
}

/** A compare-and-set is not idempotent: done twice, the second finds what the first did. */
async function isApplied(client: Client, query: string, params: string[]): Promise<boolean> {
  const result = await client.execute(query, params, { isIdempotent: false });
  return result.wasApplied();
}
