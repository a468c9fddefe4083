/** The engines of one cluster, and the flags by which a node is told of them. */
import { SQL } from "bun";
import type { CassandraAddress, NatsAddress, PostgresAddress } from "../services/services.ts";
import { freshName } from "../services/services.ts";

export type Engines = {
  nats: NatsAddress;
  cassandra: CassandraAddress;
  postgres: PostgresAddress;
};

export type Flags = Record<string, string>;

/** Names of its own in engines that others may use at the same time. */
export async function flagsFor(
  { nats, cassandra, postgres }: Engines,
  replicas: 1 | 3,
): Promise<Flags> {
  const name = freshName("c");
  const { hosts, port, datacenter } = cassandra;
  return {
    nats: nats.urls.join(","),
    cassandra: `cassandra://${hosts.join(",")}:${port}/${name}?data_center=${datacenter}`,
    postgres: await makeDatabase(postgres, name),
    cluster: name,
    replicas: String(replicas),
  };
}

async function makeDatabase({ url }: PostgresAddress, name: string): Promise<string> {
  const sql = new SQL(url, { max: 1 });
  try {
    await sql.unsafe(`create database ${name}`);
  } finally {
    await sql.close();
  }
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}
