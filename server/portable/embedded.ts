/** The stores of one directory, while no server has it. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Records, Scans } from "@damso/core/ports/rows";
import type { ShardStore } from "@damso/core/ports/store";
import { boundsOf, freshEpoch, renewedCheckpoint } from "@damso/core/shard/checkpoint";
import type { Put } from "@damso/core/tables";
import { syncPath, writeDurably } from "../durable.ts";
import { placedKey } from "./tables.ts";
import type { MediaStore, PortableRow, Stores } from "./stores.ts";
import { refused } from "./stores.ts";

export type EmbeddedDeps = {
  directory: string;
  store: ShardStore & Scans;
  records: Records;
  media: MediaStore;
  now: number;
};

const SHARD = 0;

/** Made before the first row of an import and removed after the last: no server opens what has one. */
export const unfinishedFile = (directory: string): string => join(directory, "import.unfinished");

export function embeddedStores({ directory, store, records, media, now }: EmbeddedDeps): Stores {
  const marker = unfinishedFile(directory);
  return {
    name: directory,
    scan: (table) => store.scan(table),
    records,
    media,
    // Nothing is ever anywhere else, and the lock keeps others out.
    assertDrained: () => Promise.resolve(""),
    async bounds() {
      const row = await store.get("checkpoint", [SHARD]);
      return boundsOf(row ? [row] : []);
    },
    async begin() {
      if (await store.get("checkpoint", [SHARD]))
        throw refused(
          `a server has been started on ${directory}: an import goes into an empty place`,
        );
      await writeDurably(marker, "");
      await syncPath(directory);
    },
    put: (rows) => store.commit(rows.map(toPut)),
    async finish(bounds) {
      const row = renewedCheckpoint(bounds, freshEpoch(bounds, now), now);
      await store.commit([{ table: "checkpoint", key: [SHARD], row }]);
      await rm(marker);
      await syncPath(directory);
    },
    async close() {
      await records.close();
      await media.close();
      await store.close();
    },
  };
}

function toPut({ table, key, json }: PortableRow): Put {
  const placed = placedKey(table, key, () => SHARD);
  return { table, key: placed, row: JSON.parse(json) as unknown, json } as unknown as Put;
}
