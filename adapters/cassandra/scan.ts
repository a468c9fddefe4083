/** Whole tables, read page by page. */
import type { Scans } from "@damso/core/ports/rows";
import type { TableName } from "@damso/core/tables";
import { selectAll } from "./cql.ts";
import { asFailure } from "./failure.ts";
import type { Session } from "./session.ts";
import { toRow } from "./table.ts";

/** A page of a scan looks at many partitions, and at what was deleted between them. */
const PAGE_MS = 60_000;
const PAGE_ROWS = 500;
const TRIES = 5;
const AGAIN_MS = 500;
/** A body may have 600 KB. */
const LARGE_ROWS = 25;

export function createScansOn({ client }: Session, keyspace: string): Scans {
  return {
    async *scan(table) {
      const { query } = selectAll(keyspace, table);
      const fetchSize = rowsOf(table);
      let pageState: string | undefined;
      do {
        const options = { fetchSize, readTimeout: PAGE_MS, ...(pageState && { pageState }) };
        const result = await patiently(() => client.execute(query, [], options));
        if (result.rows.length > 0) yield result.rows.map((found) => toRow(table, found));
        pageState = result.pageState;
      } while (pageState);
    },
  };
}

/** A scan of hours does not end for one page that was not answered. */
async function patiently<T>(page: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await page();
    } catch (error) {
      if (tries === TRIES) throw asFailure(error);
    }
    await Bun.sleep(AGAIN_MS * tries);
  }
}

const rowsOf = (table: TableName): number =>
  table === "bodies" || table === "tells" ? LARGE_ROWS : PAGE_ROWS;
