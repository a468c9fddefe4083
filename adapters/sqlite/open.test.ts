import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SQL } from "bun";
import { rejection } from "@damso/contracts/rejection";
import type { DeviceId, SessionId, UserId } from "@damso/protocol/ids";
import type { Database } from "../sql/database.ts";
import { migrate } from "../sql/migrate.ts";
import type { Migration } from "../sql/migrations.ts";
import { MIGRATIONS } from "../sql/migrations.ts";
import { openSqlite, openSqliteAccounts } from "./open.ts";

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "damso-sqlite-"));
  file = join(directory, "accounts.db");
});
afterEach(() => rm(directory, { recursive: true }));

const amy = {
  user_id: "1000000000000000001" as UserId,
  username: "amy",
  name: "Amy",
  password_hash: "hash",
  created_at: 1,
};

async function withDatabase<T>(use: (database: Database) => Promise<T>): Promise<T> {
  const database = await openSqlite(file);
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}

describe("migrations", () => {
  test("[I24] two boots in a row write nothing", async () => {
    const first = await openSqliteAccounts(file, 1);
    await first.users.create(amy);
    await first.close();
    const before = await readFile(file);
    for (let boot = 0; boot < 2; boot++) {
      const accounts = await openSqliteAccounts(file, 2);
      expect(await accounts.users.byUsername("amy")).toMatchObject({ name: "Amy" });
      const log = await stat(`${file}-wal`);
      expect(log.size).toBe(0);
      await accounts.close();
    }
    expect(Buffer.compare(await readFile(file), before)).toBe(0);
  });

  test("a database made by a newer program is refused and left alone", async () => {
    await (await openSqliteAccounts(file, 1)).close();
    await withDatabase((database) =>
      database.write((tx) => tx`INSERT INTO migrations VALUES (999, 'from the future', 1)`),
    );
    const before = await readFile(file);
    const known = MIGRATIONS.at(-1)?.number;
    expect(await rejection(openSqliteAccounts(file, 2))).toMatchObject({
      message: expect.stringContaining(`schema 999, this program knows schemas up to ${known}:`),
    });
    expect(Buffer.compare(await readFile(file), before)).toBe(0);
  });

  test("a step that fails leaves the database as it was, and the next start tries again", async () => {
    const step = (number: number, statement: string): Migration => ({
      number,
      name: `step ${number}`,
      statements: () => [statement],
    });
    const good = step(1, "CREATE TABLE a (x TEXT)");
    const bad = [step(2, "CREATE TABLE b (x TEXT)"), step(3, "CREATE TABLE a (x TEXT)")];
    await withDatabase(async (database) => {
      await migrate(database, 1, [good]);
      expect(await rejection(migrate(database, 2, [good, ...bad]))).toMatchObject({
        message: expect.stringContaining("already exists"),
      });
      expect(await tables(database)).toEqual(["a", "migrations"]);
      const mended = [good, step(2, "CREATE TABLE b (x TEXT)"), step(3, "CREATE TABLE c (x TEXT)")];
      await migrate(database, 3, mended);
      expect(await tables(database)).toEqual(["a", "b", "c", "migrations"]);
      const applied = await database.read(
        (sql) => sql<object[]>`SELECT number, applied_at FROM migrations ORDER BY number`,
      );
      expect([...applied]).toEqual([
        { number: 1, applied_at: 1 },
        { number: 2, applied_at: 3 },
        { number: 3, applied_at: 3 },
      ]);
    });
  });
});

async function tables(database: Database): Promise<string[]> {
  const rows = await database.read(
    (sql) => sql<{ name: string }[]>`SELECT name FROM sqlite_master WHERE type = 'table'`,
  );
  return rows.map((row) => row.name).sort();
}

describe("transactions", () => {
  test("[I3] a read never sees what is not committed", async () => {
    await withDatabase(async (database) => {
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
      await database.write((tx) => tx`INSERT INTO t VALUES ('kept')`);
      expect(await count()).toBe(1);
    });
  });

  test("[I20] more waiting transactions than the bound are refused as busy", async () => {
    await withDatabase(async (database) => {
      await database.write((tx) => tx`CREATE TABLE t (x INTEGER)`);
      const settled = await Promise.allSettled(
        Array.from({ length: 1_005 }, (_, i) =>
          database.write((tx) => tx`INSERT INTO t VALUES (${i})`),
        ),
      );
      const refused = settled.filter((result) => result.status === "rejected");
      expect(refused).toHaveLength(5);
      expect(refused[0]?.reason).toMatchObject({ code: "busy" });
      const rows = await database.read((sql) => sql<unknown[]>`SELECT x FROM t`);
      expect(rows).toHaveLength(1_000);
    });
  });

  test("a signal aborted while a transaction waits for its turn stops it", async () => {
    await withDatabase(async (database) => {
      await database.write((tx) => tx`CREATE TABLE t (x INTEGER)`);
      const controller = new AbortController();
      const first = database.write(async (tx) => {
        await tx`INSERT INTO t VALUES (1)`;
        controller.abort(new Error("enough"));
      });
      const second = database.write((tx) => tx`INSERT INTO t VALUES (2)`, controller.signal);
      await first;
      expect(await rejection(second)).toMatchObject({ message: "enough" });
      expect(await database.read((sql) => sql<unknown[]>`SELECT x FROM t`)).toHaveLength(1);
    });
  });

  test("a full disk is a failure of the world, and nothing of the transaction stays", async () => {
    await withDatabase(async (database) => {
      await database.write((tx) => tx`CREATE TABLE t (x TEXT)`);
      await database.write((tx) => tx`PRAGMA max_page_count = 8`);
      const filling = database.write(async (tx) => {
        for (let i = 0; i < 20; i++) await tx`INSERT INTO t VALUES (${"x".repeat(4_000)})`;
      });
      expect(await rejection(filling)).toMatchObject({ code: "unavailable" });
      expect(await database.read((sql) => sql<unknown[]>`SELECT x FROM t`)).toHaveLength(0);
      await database.write((tx) => tx`INSERT INTO t VALUES ('small')`);
    });
  });

  test("a database that another process holds is busy, and readable all the same", async () => {
    await withDatabase(async (database) => {
      await database.write((tx) => tx`CREATE TABLE t (x TEXT)`);
      const other = new SQL({ adapter: "sqlite", filename: file });
      await other`BEGIN IMMEDIATE`;
      const write = database.write((tx) => tx`INSERT INTO t VALUES ('late')`);
      expect(await rejection(write)).toMatchObject({ code: "busy" });
      expect(await database.read((sql) => sql<unknown[]>`SELECT x FROM t`)).toHaveLength(0);
      await other`COMMIT`;
      await other.close();
      await database.write((tx) => tx`INSERT INTO t VALUES ('on time')`);
    });
  });

  test("a mistake in a statement is not disguised as a failure of the world", async () => {
    await withDatabase(async (database) => {
      const wrong = database.write((tx) => tx`INSERT INTO nowhere VALUES (1)`);
      expect(await rejection(wrong)).toMatchObject({ code: "SQLITE_ERROR" });
    });
  });

  test("[I22] a commit is fsynced, and references are enforced", async () => {
    await withDatabase(async (database) => {
      const pragmas = await database.write(async (tx) => [
        ...(await tx<object[]>`PRAGMA journal_mode`),
        ...(await tx<object[]>`PRAGMA synchronous`),
        ...(await tx<object[]>`PRAGMA foreign_keys`),
      ]);
      expect(pragmas).toEqual([{ journal_mode: "wal" }, { synchronous: 2 }, { foreign_keys: 1 }]);
    });
  });
});

test("[P21] an account whose first session cannot be made is not made either", async () => {
  const accounts = await openSqliteAccounts(file, 1);
  const session = {
    session_id: "1000000000000000002" as SessionId,
    device_id: "1000000000000000003" as DeviceId,
    user_id: amy.user_id,
    device_name: "phone",
    time_zone: null,
    created_at: 1,
    family_hash: "family",
    token_hash: "token",
  };
  expect(await accounts.users.create({ ...amy, session })).toBe("created");
  const user_id = "1000000000000000004" as UserId;
  const bob = { ...amy, user_id, username: "bob", session: { ...session, user_id } };
  expect(await rejection(accounts.users.create(bob))).toBeInstanceOf(Error);
  expect(await accounts.users.byUsername("bob")).toBeUndefined();
  await accounts.close();
});

describe("the file", () => {
  test("only its owner may read it or its journal", async () => {
    const accounts = await openSqliteAccounts(file, 1);
    for (const name of await readdir(directory)) {
      const { mode } = await stat(join(directory, name));
      expect([name, mode & 0o777]).toEqual([name, 0o600]);
    }
    await accounts.close();
  });

  test("a path that the driver would cut short is refused", async () => {
    const wrong = join(directory, "what?.db");
    expect(await rejection(openSqliteAccounts(wrong, 1))).toMatchObject({
      message: expect.stringContaining('cannot contain "?"'),
    });
    expect(await readdir(directory)).toEqual([]);
  });

  test("a directory that is not there yet is made", async () => {
    const accounts = await openSqliteAccounts(join(directory, "a", "b", "accounts.db"), 1);
    expect(await accounts.users.create(amy)).toBe("created");
    await accounts.close();
  });
});
