import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { SQL } from "bun";
import { rejection } from "@damso/contracts/rejection";
import { until } from "@damso/contracts/until";
import type { Accounts } from "@damso/core/ports/accounts";
import type { UserId } from "@damso/protocol/ids";
import { postgresNode } from "@damso/tools/services/services";
import { migrate } from "../sql/migrate.ts";
import type { Migration } from "../sql/migrations.ts";
import { MIGRATIONS } from "../sql/migrations.ts";
import { openPostgres, openPostgresAccounts } from "./open.ts";
import type { Schema } from "./schema.testing.ts";
import { freshSchema } from "./schema.testing.ts";

let schema: Schema;
beforeEach(async () => {
  schema = await freshSchema();
});
afterEach(() => schema.remove());

const amy = {
  user_id: "1000000000000000001" as UserId,
  username: "amy",
  name: "Amy",
  password_hash: "hash",
  created_at: 1,
};

describe("migrations", () => {
  test("nodes that start at once make the tables once", async () => {
    const all = await Promise.all(
      Array.from({ length: 6 }, () => openPostgresAccounts(schema.options, 1)),
    );
    const steps = await schema.other<object[]>`SELECT number FROM migrations`;
    expect(steps).toHaveLength(MIGRATIONS.length);
    expect(await all[0]?.users.create(amy)).toBe("created");
    expect(await all[5]?.users.byUsername("amy")).toMatchObject({ name: "Amy" });
    await Promise.all(all.map((accounts) => accounts.close()));
  });

  test("[I24] a start that finds everything writes nothing", async () => {
    await (await openPostgresAccounts(schema.options, 1)).close();
    const written = () =>
      schema.other<object[]>`SELECT xmin::text, number, applied_at::text FROM migrations`;
    const before = [...(await written())];
    await (await openPostgresAccounts(schema.options, 2)).close();
    expect([...(await written())]).toEqual(before);
  });

  test("tables of a newer program are refused", async () => {
    await (await openPostgresAccounts(schema.options, 1)).close();
    await schema.other`INSERT INTO migrations VALUES (999, 'from the future', 1)`;
    expect(await rejection(openPostgresAccounts(schema.options, 2))).toMatchObject({
      message: expect.stringContaining("schema 999, this program knows schemas up to"),
    });
  });

  test("a step that fails leaves everything as it was, and a slow one is not cut off", async () => {
    const step = (number: number, ...statements: string[]): Migration => ({
      number,
      name: `step ${number}`,
      statements: () => statements,
    });
    const database = openPostgres({ ...schema.options, statement_ms: 100 });
    const bad = [step(1, "CREATE TABLE a (x TEXT)"), step(2, "CREATE TABLE a (x TEXT)")];
    expect(await rejection(migrate(database, 1, bad))).toMatchObject({
      message: expect.stringContaining("already exists"),
    });
    await migrate(database, 1, [step(1, "CREATE TABLE a (x TEXT)", "SELECT pg_sleep(0.3)")]);
    expect(await database.read((sql) => sql<unknown[]>`SELECT x FROM a`)).toHaveLength(0);
    await database.close();
  });
});

describe("what is wrong at the start", () => {
  const open = (change: (url: URL) => void): Promise<Accounts> => {
    const url = new URL(schema.options.url);
    change(url);
    return openPostgresAccounts({ url: url.href }, 1);
  };

  test("nobody listens", async () => {
    expect(await rejection(open((url) => (url.port = "1")))).toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("no PostgreSQL at 127.0.0.1:1/postgres: "),
    });
  });

  test("a database that is not there", async () => {
    expect(await rejection(open((url) => (url.pathname = "/moon")))).toMatchObject({
      code: "database",
      message: expect.stringContaining("moon"),
    });
  });

  test("a user that is not there, and the password is not told", async () => {
    const failed = await rejection(
      open((url) => {
        url.username = "nobody";
        url.password = "secret";
      }),
    );
    expect(failed).toMatchObject({ code: "credentials" });
    expect(String(failed)).not.toContain("secret");
  });
});

describe("a transaction", () => {
  test("[I3] is seen when it is committed, wholly, and not at all when it fails", async () => {
    const database = openPostgres(schema.options);
    await database.write((tx) => tx`CREATE TABLE t (x TEXT)`);
    const count = () =>
      database.read(async (sql) => (await sql<unknown[]>`SELECT x FROM t`).length);
    const failed = database.write(async (tx) => {
      await tx`INSERT INTO t VALUES ('inside')`;
      expect(await count()).toBe(0);
      throw new Error("changed my mind");
    });
    expect(await rejection(failed)).toMatchObject({ message: "changed my mind" });
    expect(await count()).toBe(0);
    await database.close();
  });

  test("that deadlocks with another is done again", async () => {
    const database = openPostgres(schema.options);
    await database.write((tx) => tx`CREATE TABLE t (k INTEGER PRIMARY KEY, x INTEGER)`);
    await database.write((tx) => tx`INSERT INTO t VALUES (1, 0), (2, 0)`);
    const add = (first: number, second: number): Promise<unknown> =>
      database.write(async (tx) => {
        await tx`UPDATE t SET x = x + 1 WHERE k = ${first}`;
        await Bun.sleep(50);
        await tx`UPDATE t SET x = x + 1 WHERE k = ${second}`;
      });
    await Promise.all([add(1, 2), add(2, 1)]);
    const rows = await database.read((sql) => sql<object[]>`SELECT k, x FROM t ORDER BY k`);
    expect([...rows]).toEqual([
      { k: 1, x: 2 },
      { k: 2, x: 2 },
    ]);
    await database.close();
  }, 20_000);

  test("that takes too long is undone and `busy`, a mistake in it is passed on", async () => {
    const database = openPostgres({ ...schema.options, statement_ms: 100 });
    const slow = database.write((tx) => tx`SELECT pg_sleep(5)`);
    expect(await rejection(slow)).toMatchObject({ code: "busy" });
    const wrong = database.write((tx) => tx`INSERT INTO nowhere VALUES (1)`);
    expect(await rejection(wrong)).toMatchObject({ errno: "42P01" });
    await database.close();
  });

  test("[I22] is on the server's disk, whatever the database says", async () => {
    const database = openPostgres(schema.options);
    const settings = await database.write(async (tx) => [
      ...(await tx<object[]>`SHOW synchronous_commit`),
      ...(await tx<object[]>`SHOW transaction_isolation`),
    ]);
    expect(settings).toEqual([
      { synchronous_commit: "on" },
      { transaction_isolation: "read committed" },
    ]);
    await database.close();
  });

  test("[I20] more calls than may wait are refused as busy", async () => {
    const database = openPostgres(schema.options);
    const asked = Array.from({ length: 1_005 }, () => database.read((sql) => sql`SELECT 1`));
    const settled = await Promise.allSettled(asked);
    const refused = settled.filter((each) => each.status === "rejected");
    expect(refused).toHaveLength(5);
    expect(refused[0]?.reason).toMatchObject({ code: "busy" });
    await database.close();
  });
});

describe("a server of its own", () => {
  let node: Awaited<ReturnType<typeof postgresNode>>;
  let accounts: Accounts;
  beforeEach(async () => {
    node = await postgresNode();
    accounts = await openPostgresAccounts({ url: node.url, deadline_ms: 1_000 }, 1);
    await accounts.users.create(amy);
  }, 60_000);
  afterEach(async () => {
    await accounts.close();
    await node.stop();
  }, 60_000);

  const find = (): Promise<unknown> => accounts.users.byUsername("amy");
  const works = (): Promise<boolean> =>
    accounts.users.update(amy.user_id, { about: "x" }, 2).then(
      (user) => user !== undefined,
      () => false,
    );

  test("[X13] that is killed is `unavailable`, and after its restart nothing that was answered is gone", async () => {
    await node.kill(0);
    expect(await rejection(find())).toMatchObject({ code: "unavailable" });
    expect(await rejection(accounts.users.update(amy.user_id, {}, 2))).toMatchObject({
      code: "unavailable",
    });
    await node.restart(0);
    await until(works, "a write after the restart", 20_000);
    expect(await find()).toMatchObject({ username: "amy" });
  }, 60_000);

  test("that says nothing is `unavailable` in time, and is used again when it speaks", async () => {
    await node.pause(0);
    const started = performance.now();
    const failed = await Promise.all([rejection(find()), rejection(accounts.outbox.take(1))]);
    for (const each of failed) expect(each).toMatchObject({ code: "unavailable" });
    expect(performance.now() - started).toBeLessThan(4_000);
    await node.resume(0);
    await until(works, "a write after the silence", 20_000);
    expect(await find()).toMatchObject({ username: "amy" });
  }, 60_000);

  test("whose connections are cut goes on with new ones", async () => {
    const admin = new SQL({ url: node.url, max: 1 });
    await admin`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'damso'`;
    await until(works, "a write after the cut", 5_000);
    await admin.close();
  }, 30_000);
});
