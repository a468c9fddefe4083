/** The table of a cluster in Cassandra. */
import type { Cell } from "@damso/core/ports/cell";
import type { Scans } from "@damso/core/ports/rows";
import type { Table } from "@damso/core/ports/table";
import { createCellOn } from "./cell.ts";
import type { Replication } from "./keyspace.ts";
import { assertKeyspace, assertVersions, ensureKeyspace, versionsOf } from "./keyspace.ts";
import { migrate } from "./migrate.ts";
import { createScansOn } from "./scan.ts";
import type { SessionOptions } from "./session.ts";
import { openSession } from "./session.ts";
import { createTableOn } from "./table.ts";

export type CassandraOptions = SessionOptions & {
  keyspace: string;
  /** Makes a keyspace that is not there; without it that is an error. */
  replication?: Replication;
  /** How much of one partition is written by one statement. The tests part everything. */
  batch_bytes?: number;
};

export type CassandraTable = Table & Scans & { cell: Cell; close(): Promise<void> };

/**
 * Connects, makes what is missing and answers the table. `now` stamps the migrations.
 * Errors: a `CassandraFailure`, whose code says what is wrong.
 */
export async function openCassandraTable(
  options: CassandraOptions,
  now: number,
): Promise<CassandraTable> {
  const { keyspace, replication, batch_bytes } = options;
  assertKeyspace(keyspace);
  const session = await openSession(options);
  try {
    assertVersions(versionsOf(session.client));
    await ensureKeyspace(session.client, keyspace, replication);
    await migrate(session.client, keyspace, now);
  } catch (error) {
    await session.close();
    throw error;
  }
  return {
    ...createTableOn(session, keyspace, batch_bytes),
    ...createScansOn(session, keyspace),
    cell: createCellOn(session, keyspace),
  };
}
