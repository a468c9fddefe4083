/** At rest the store holds what was committed, all of it and nothing else: I1, I13. */
import { KEY_COLUMNS } from "@damso/core/tables";
import type { TableName } from "@damso/core/tables";
import type { Book, StoredRow } from "./book.ts";
import { brief, same } from "./same.ts";
import type { RestView } from "./rest.ts";

/** How far a log is in the table is no commit. */
const APART: ReadonlySet<TableName> = new Set(["flushed"]);

export function checkRows(book: Book, world: RestView): void {
  for (const table of Object.keys(KEY_COLUMNS) as TableName[])
    if (!APART.has(table)) checkTable(book, table, world.rows(table));
}

function checkTable(book: Book, table: TableName, rows: Iterable<StoredRow>): void {
  const due = new Map(book.rows.get(table));
  for (const { key, row } of rows) {
    const name = key.join("/");
    const place = `${table} ${name}`;
    const committed = due.get(name);
    due.delete(name);
    if (!committed) book.faults.add("I13", `${place} is in the store and was not committed`);
    else if (!same(committed.row, row))
      book.faults.add("I13", `${place} is ${brief(row)}, committed was ${brief(committed.row)}`);
  }
  for (const name of due.keys())
    book.faults.add("I13", `${table} ${name} was committed and is lost`);
}
