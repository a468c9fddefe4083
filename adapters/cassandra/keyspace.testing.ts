/** A keyspace that goes when the tests are done. */
import { afterAll } from "bun:test";
import type { Client } from "cassandra-driver";
import { cassandraServer, freshName } from "@damso/tools/services/services";
import type { CassandraOptions } from "./open.ts";
import { openSession } from "./session.ts";

const SLOWLY = { prepare: false, readTimeout: 60_000 };

export type Keyspace = {
  options: CassandraOptions & { keyspace: string };
  /** Past this adapter, for what only a test does. */
  client: Client;
  empty(...tables: string[]): Promise<void>;
};

/** Not made yet: whoever opens a table first makes it. */
export async function freshKeyspace(prefix: string): Promise<Keyspace> {
  const server = await cassandraServer();
  const options = {
    hosts: server.hosts,
    port: server.port,
    data_center: server.datacenter,
    keyspace: freshName(prefix),
    replication: { [server.datacenter]: 1 },
  };
  const session = await openSession(options);
  const { client } = session;
  afterAll(async () => {
    await client.execute(`DROP KEYSPACE IF EXISTS ${options.keyspace}`, [], SLOWLY);
    await session.close();
    await server.stop();
  }, 60_000);
  return {
    options,
    client,
    empty: async (...tables) => {
      for (const table of tables) {
        await client.execute(`TRUNCATE ${options.keyspace}.${table}`, [], SLOWLY);
      }
    },
  };
}
