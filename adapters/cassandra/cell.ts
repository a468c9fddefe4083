/** The cell of a cluster: one row, changed by compare-and-set. Slow and rarely used: at the start of a node. */
import { types } from "cassandra-driver";
import type { Cell } from "@damso/core/ports/cell";
import { nameOf } from "./cql.ts";
import { asFailure } from "./failure.ts";
import { isApplied } from "./lock.ts";
import type { Session } from "./session.ts";

const ROW = 0;

export function createCluster(keyspace: string): string {
  return `CREATE TABLE IF NOT EXISTS ${nameOf(keyspace, "cluster")} (id int PRIMARY KEY, state text)`;
}

export function createCellOn({ client }: Session, keyspace: string): Cell {
  const table = nameOf(keyspace, "cluster");
  const insert = `INSERT INTO ${table} (id, state) VALUES (${ROW}, ?) IF NOT EXISTS`;
  const update = `UPDATE ${table} SET state = ? WHERE id = ${ROW} IF state = ?`;

  return {
    read: () =>
      failing(async () => {
        // Sees a change that was agreed on and is not everywhere yet.
        const serial = { consistency: types.consistencies.serial };
        const query = `SELECT state FROM ${table} WHERE id = ${ROW}`;
        const { rows } = await client.execute(query, [], serial);
        return (rows[0]?.["state"] as string | null | undefined) ?? undefined;
      }),
    swap: (from, to) =>
      failing(() =>
        from === undefined
          ? isApplied(client, insert, [to])
          : isApplied(client, update, [to, from]),
      ),
  };
}

async function failing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asFailure(error);
  }
}
