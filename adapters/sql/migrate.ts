/** Brings a database to the schema of this program. */
import type { Database, Transaction } from "./database.ts";
import type { Migration } from "./migrations.ts";
import { MIGRATIONS } from "./migrations.ts";
import type { Count } from "./rows.ts";

/**
 * Applies the steps that the database lacks, all in one transaction; a database that lacks none is not written to
 * (I24). One made by a newer program is refused, because this one would damage what it does not know.
 */
export async function migrate(
  database: Database,
  now: number,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  const known = migrations.at(-1)?.number ?? 0;
  const found = await version(database);
  if (found > known) {
    throw new Error(
      `the accounts database is at schema ${found}, this program knows schemas up to ${known}: ` +
        "start the newer program that wrote it, or restore an older backup",
    );
  }
  if (found === known) return;
  await database.write((tx) => apply(tx, database, migrations, now));
}

async function version(database: Database): Promise<number> {
  return await database.read(async (sql) => {
    const tables = await sql.unsafe<unknown[]>(database.dialect.findMigrations);
    if (tables.length === 0) return 0;
    const rows = await sql<
      { number: Count | null }[]
    >`SELECT max(number) AS number FROM migrations`;
    return Number(rows[0]?.number ?? 0);
  });
}

/** Looks again inside the transaction: another process may have been first. */
async function apply(
  tx: Transaction,
  database: Database,
  migrations: readonly Migration[],
  now: number,
): Promise<void> {
  for (const statement of database.dialect.beforeMigrations) await tx.unsafe(statement);
  await tx`CREATE TABLE IF NOT EXISTS migrations (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL
  )`;
  const rows = await tx<{ number: Count }[]>`SELECT number FROM migrations`;
  const applied = new Set(rows.map((row) => Number(row.number)));
  for (const migration of migrations) {
    if (applied.has(migration.number)) continue;
    for (const statement of migration.statements(database.dialect)) await tx.unsafe(statement);
    await tx`INSERT INTO migrations (number, name, applied_at)
      VALUES (${migration.number}, ${migration.name}, ${now})`;
  }
}
