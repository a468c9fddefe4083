import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { CONSISTENCY, runCql } from "./cql.ts";
import { cassandraNodes, cassandraServer, freshName } from "./services.ts";
import { retry } from "./retry.ts";

test("the server of the run takes a keyspace, a table and a row", async () => {
  const cassandra = await cassandraServer();
  const place = { host: cassandra.hosts[0] ?? "", port: cassandra.port };
  const keyspace = freshName("keys");
  await createTable(place, keyspace, 1);
  await runCql(place, `INSERT INTO ${keyspace}.rows (id) VALUES (1)`, CONSISTENCY.all);
  const refused = await runCql(place, "SELECT id FROM nowhere.rows").catch((error) => error);
  expect(String(refused)).toContain("nowhere");
  await runCql(place, `DROP KEYSPACE ${keyspace}`);
  await cassandra.stop();
}, 120_000);

test("three nodes keep a row in three places, go on when one is killed, and join again", async () => {
  const nodes = await cassandraNodes(3);
  const [first, second] = nodes.hosts.map((host) => ({ host, port: nodes.port }));
  if (!first || !second) throw new Error("three nodes have three hosts");
  await createTable(first, "kept", 3);
  const insert = (id: number): string => `INSERT INTO kept.rows (id) VALUES (${id})`;
  const insertEverywhere = (id: number): Promise<void> =>
    retry(() => runCql(first, insert(id), CONSISTENCY.all), { what: "a row", deadline_ms: 60_000 });
  // A table is known to the others a moment after it was made; drivers wait for that.
  await insertEverywhere(1);
  await nodes.kill(2);
  await runCql(second, insert(2), CONSISTENCY.quorum);
  await nodes.restart(2);
  // A node that had not noticed the end of another hears of its new life, and takes it for dead for a moment then.
  await insertEverywhere(3);
  await nodes.stop();
  expect(existsSync(nodes.folder)).toBe(false);
}, 480_000);

async function createTable(
  place: { host: string; port: number },
  keyspace: string,
  replicas: number,
): Promise<void> {
  const replication = `{'class': 'SimpleStrategy', 'replication_factor': ${replicas}}`;
  await runCql(place, `CREATE KEYSPACE ${keyspace} WITH replication = ${replication}`);
  await runCql(place, `CREATE TABLE ${keyspace}.rows (id int PRIMARY KEY)`);
}
