/** Notes what a shard's store alone can show: a feed that was trimmed between the asking for a page and its reading. */
import type { Entry, Range, ShardStore } from "@damso/core/ports/store";
import type { TableName } from "@damso/core/tables";
import type { World } from "../world.ts";

/** The same store. Only whoever pages a feed says up to where: a home that is loaded reads on to its end. */
export function noteTrims({ tally }: World, store: ShardStore): ShardStore {
  async function page<T extends TableName>(table: T, asked: Range): Promise<Entry<T>[]> {
    const entries = await store.range(table, asked);
    if (entries[0]?.key[1] !== asked.from)
      tally.sometimes("a feed was trimmed while a page of it was read");
    return entries;
  }
  return {
    ...store,
    range: (table, asked) =>
      table === "feed" && asked.to !== undefined ? page(table, asked) : store.range(table, asked),
  };
}
