import { afterAll, describe, expect, test } from "bun:test";
import { rejection } from "@damso/contracts/rejection";
import { freshKeyspace } from "./keyspace.testing.ts";
import { migrate } from "./migrate.ts";
import type { Migration } from "./migrations.ts";
import { MIGRATIONS } from "./migrations.ts";
import { openCassandraTable } from "./open.ts";
import type { CassandraOptions, CassandraTable } from "./open.ts";

const { options, client } = await freshKeyspace("open");
const { keyspace } = options;
const opened: CassandraTable[] = [];
afterAll(() => Promise.all(opened.map((table) => table.close())));

async function open(own: Partial<CassandraOptions> = {}): Promise<CassandraTable> {
  const table = await openCassandraTable({ ...options, ...own }, 1);
  opened.push(table);
  return table;
}

/** Everything that a start may write: the schema and the steps. */
async function written(): Promise<unknown> {
  const tables = await client.execute(
    "SELECT table_name, id FROM system_schema.tables WHERE keyspace_name = ?",
    [keyspace],
  );
  const steps = await client.execute(
    `SELECT number, name, writetime(name) FROM ${keyspace}.migrations`,
  );
  return JSON.stringify([tables.rows, steps.rows], (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
}

test("a keyspace that is not there, and that nobody said how to make, is named", async () => {
  const { replication: _, ...without } = options;
  expect(await rejection(openCassandraTable(without, 1))).toMatchObject({
    code: "keyspace",
    message: expect.stringContaining(`there is no keyspace ${keyspace}`),
  });
});

test("[I24] nodes that start at once make each table once, and the next starts write nothing", async () => {
  const tables = await Promise.all([open(), open(), open(), open()]);
  const row = { n: 7 };
  await tables[0]?.write([{ put: { table: "fed", key: [1, 2], row }, stamp: 1 }]);
  for (const table of tables) expect(await table.get("fed", [1, 2])).toEqual(row);
  const before = await written();
  for (let boot = 0; boot < 2; boot++) await open();
  expect(await written()).toEqual(before);
  const steps = await client.execute(`SELECT number FROM ${keyspace}.migrations`);
  expect(steps.rows.map((step) => Number(step["number"])).toSorted((a, b) => a - b)).toEqual(
    MIGRATIONS.map(({ number }) => number),
  );
}, 60_000);

describe("steps", () => {
  const step = (number: number, ...statements: string[]): Migration => ({
    number,
    name: `step ${number}`,
    statements: (name) => statements.map((statement) => statement.replace("KS", name)),
  });
  const last = MIGRATIONS.at(-1)?.number ?? 0;
  const second = step(
    last + 1,
    "CREATE TABLE IF NOT EXISTS KS.extra (a int PRIMARY KEY)",
    "ALTER TABLE KS.extra ADD IF NOT EXISTS b text",
  );

  test("a step that fails half-way is not counted, gives the lock back, and is done again", async () => {
    await open();
    const bad = step(
      last + 1,
      "CREATE TABLE IF NOT EXISTS KS.extra (a int PRIMARY KEY)",
      "nonsense",
    );
    expect(await rejection(migrate(client, keyspace, 1, [...MIGRATIONS, bad]))).toMatchObject({
      message: expect.stringContaining("nonsense"),
    });
    await migrate(client, keyspace, 1, [...MIGRATIONS, second]);
    await client.execute(`INSERT INTO ${keyspace}.extra (a, b) VALUES (1, 'x')`);
  }, 30_000);

  test("tables of a newer program are refused", async () => {
    expect(await rejection(openCassandraTable(options, 1))).toMatchObject({
      code: "schema",
      message: expect.stringContaining(
        `schema ${last + 1}, this program knows schemas up to ${last}:`,
      ),
    });
    await client.execute(`DELETE FROM ${keyspace}.migrations WHERE number = ${last + 1}`);
    await open();
  }, 30_000);

  test("a node that finds the lock taken waits, and goes on when the holder is done", async () => {
    await client.execute(
      `INSERT INTO ${keyspace}.migrations (number, name) VALUES (0, 'other') IF NOT EXISTS USING TTL 3`,
    );
    const started = performance.now();
    await migrate(client, keyspace, 1, [...MIGRATIONS, second]);
    expect(performance.now() - started).toBeGreaterThan(1_500);
    await client.execute(`DELETE FROM ${keyspace}.migrations WHERE number = ${last + 1}`);
  }, 30_000);
});

describe("what is wrong at the start", () => {
  test("nobody listens", async () => {
    expect(await rejection(openCassandraTable({ ...options, port: 1 }, 1))).toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("no Cassandra node at 127.0.0.1:1: connect ECONNREFUSED"),
    });
  });

  test("a host that no name server knows", async () => {
    const hosts = ["nowhere.invalid"];
    expect(await rejection(openCassandraTable({ ...options, hosts }, 1))).toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("nowhere.invalid"),
    });
  });

  test("a data center that has no node", async () => {
    const wrong = openCassandraTable({ ...options, data_center: "moon" }, 1);
    expect(await rejection(wrong)).toMatchObject({
      code: "data_center",
      message: expect.stringContaining("'moon'"),
    });
  });

  test("a keyspace whose name is none", async () => {
    for (const name of ["", "a b", "1a", "Damso", "x; DROP KEYSPACE y", "a".repeat(49)]) {
      const wrong = openCassandraTable({ ...options, keyspace: name }, 1);
      expect(await rejection(wrong)).toMatchObject({ code: "keyspace" });
    }
  });
});
