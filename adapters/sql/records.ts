/** The accounts store as rows, table by table: what carries it to another engine. */
import type { AccountRecord, AccountTable, Records } from "@damso/core/ports/rows";
import { COLUMNS } from "./columns.ts";
import type { Database } from "./database.ts";
import { inChunks } from "./database.ts";

const PAGE_ROWS = 500;

type Found = Record<string, string | number | bigint | null>;

export function sqlRecords(database: Database): Records {
  return {
    async *pages(table) {
      for (let page = await readPage(database, table); page.length > 0;) {
        yield page.map((row) => toRecord(table, row));
        if (page.length < PAGE_ROWS) return;
        page = await readPage(database, table, page.at(-1));
      }
    },
    insert: (table, records) =>
      database.write(async (tx) => {
        await inChunks(records, (chunk) => tx<unknown[]>`INSERT INTO ${tx(table)} ${tx(chunk)}`);
      }),
    close: () => database.close(),
  };
}

/** The rows behind `after`, by comparing whole keys: however many came before, a page costs the same. */
async function readPage(
  database: Database,
  table: AccountTable,
  after?: Found,
): Promise<readonly Found[]> {
  const { columns, order } = COLUMNS[table];
  const names = [...new Set([...order, ...Object.keys(columns)])].join(", ");
  const keys = order.join(", ");
  const from = after ? `WHERE (${keys}) > (${order.map((_, at) => `$${at + 1}`).join(", ")})` : "";
  const query = `SELECT ${names} FROM ${table} ${from} ORDER BY ${keys} LIMIT ${PAGE_ROWS}`;
  const values = after ? order.map((name) => after[name]) : [];
  return await database.read((sql) => sql.unsafe<Found[]>(query, values));
}

function toRecord(table: AccountTable, row: Found): AccountRecord {
  const record: AccountRecord = {};
  for (const [name, kind] of Object.entries(COLUMNS[table].columns)) {
    const value = row[name] ?? null;
    record[name] = value === null ? null : kind === "number" ? Number(value) : String(value);
  }
  return record;
}
