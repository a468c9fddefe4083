/** All rows of a fake, as a scan of it gives them: what `dump` shows, two at a time. */
import type { RawRow, Scans } from "@damso/core/ports/rows";
import { KEY_COLUMNS } from "@damso/core/tables";

const PAGE = 2;

export function createFakeScans({ dump }: { dump(): string }): Scans {
  return {
    async *scan(table) {
      await Promise.resolve();
      const kinds = KEY_COLUMNS[table];
      const rows = dump()
        .split("\n")
        .map((line) => /^(\S+) (\S+) (.*)$/.exec(line) ?? [])
        .filter(([, name]) => name === table)
        .map(([, , key = "", json = ""]): RawRow => {
          const columns = key
            .split("/")
            .map((text, at) => (kinds[at] === "number" ? Number(text) : text));
          return { key: columns, json };
        });
      for (let at = 0; at < rows.length; at += PAGE) yield rows.slice(at, at + PAGE);
    },
  };
}
