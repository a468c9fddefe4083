/** About how long rows are as text, in UTF-16 units: what a commit brings has to fit one record of a log. */
import type { Put, TableName } from "../tables.ts";

/** Rows that are hardly ever written twice: their text is made when they are decided, and kept for the commit. */
const ONCE: ReadonlySet<TableName> = new Set([
  "messages",
  "bodies",
  "sends",
  "feed",
  "tells",
  "pushes",
]);
/** Table, key and what stands around them. */
const KEY_UNITS = 120;
/** A row of the others without what grows in it. */
const ROW_UNITS = 160;

export function unitsOf(puts: readonly Put[]): number {
  let units = 0;
  for (const put of puts) units += KEY_UNITS + (put.row === null ? 0 : rowUnits(put));
  return units;
}

function rowUnits(put: Put): number {
  if (put.json === undefined && ONCE.has(put.table)) put.json = JSON.stringify(put.row);
  return put.json?.length ?? ROW_UNITS + grownUnits(put);
}

/** Written again and again: as text only the last of a commit is needed. At the most, with every letter escaped. */
function grownUnits({ table, row }: Put): number {
  if (row === null) return 0;
  switch (table) {
    case "channels":
      return 6 * (row.name?.length ?? 0) + 110 * row.members.length + 12 * row.pins.length;
    case "marks":
      return 60 * row.marks.length;
    case "users":
      return 32 * row.ages.length + 24 * (row.revoked?.length ?? 0);
    case "user_channels": {
      const { draft = "", skipped, mentions, hidden } = row;
      return 6 * draft.length + 32 * (skipped.length + hidden.length) + 12 * mentions.length;
    }
    default:
      return 0;
  }
}
