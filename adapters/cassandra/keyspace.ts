/** What has to be right before the first table: the versions of the nodes, and the keyspace. */
import type { Client } from "cassandra-driver";
import { failure } from "./failure.ts";
import { patiently } from "./patience.ts";

/** Copies per data center. */
export type Replication = Readonly<Record<string, number>>;

const MAJOR_MIN = 4;
const NAME = /^[a-z][a-z0-9_]{0,47}$/;

/** The name becomes part of statements; it comes from a configuration. */
export function assertKeyspace(name: string): void {
  if (NAME.test(name)) return;
  throw failure(
    "keyspace",
    `not a name of a keyspace: ${JSON.stringify(name)}; ` +
      "it has up to 48 of a-z, 0-9 and _, and begins with a letter",
  );
}

/** Refuses a cluster in which some node is too old. */
export function assertVersions(versions: readonly string[]): void {
  const old = versions.find((version) => Number.parseInt(version, 10) < MAJOR_MIN);
  if (old === undefined) return;
  throw failure(
    "version",
    `a node runs Cassandra ${old}: ${MAJOR_MIN}.0 or later is needed, and 5.0 is what is tested`,
  );
}

export function versionsOf(client: Client): string[] {
  return client.hosts.values().map((host) => host.cassandraVersion);
}

/** Makes the keyspace when it is missing and somebody said with how many copies. */
export async function ensureKeyspace(
  client: Client,
  keyspace: string,
  replication: Replication | undefined,
): Promise<void> {
  await patiently(async () => {
    const found = await client.execute(
      "SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?",
      [keyspace],
    );
    if (found.rowLength > 0) return true;
    if (!replication) {
      throw failure(
        "keyspace",
        `there is no keyspace ${keyspace}: create it, or say how many copies each data center gets`,
      );
    }
    await client.execute(createKeyspace(keyspace, replication), [], { prepare: false });
    return true;
  });
}

/** A keyspace has no id, so that two nodes may make the same one at once. */
export function createKeyspace(keyspace: string, replication: Replication): string {
  const copies = Object.entries(replication).map(
    ([data_center, count]) => `'${data_center.replaceAll("'", "''")}': ${Math.trunc(count)}`,
  );
  return (
    `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = ` +
    `{'class': 'NetworkTopologyStrategy', ${copies.join(", ")}}`
  );
}
