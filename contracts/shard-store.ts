/** What every `ShardStore` must do, run by each adapter and by the fake. */
import { afterEach, describe, expect, test } from "bun:test";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import type { ShardStore } from "@damso/core/ports/store";
import type { Put } from "@damso/core/tables";

/** Opens a store; the same `place` again is the same store, after the first was closed. */
export type OpenStore = (place: string) => Promise<ShardStore>;

const channel = "g1500000000000000001" as ChannelId;
const other = "g1500000000000000002" as ChannelId;
const user = "1500000000000000001" as UserId;

const sendRow = (seq: number): Put => ({
  table: "bodies",
  key: [channel, seq],
  row: { body: `body ${seq}` },
});
const seqs = (entries: { key: readonly unknown[] }[]): unknown[] =>
  entries.map(({ key }) => key[1]);

/** Makes the next commit of a store fail, and that one only. */
export type BreakStore = (store: ShardStore) => void;

export function shardStoreContract(name: string, open: OpenStore, breakNext: BreakStore): void {
  describe(`ShardStore: ${name}`, () => {
    const opened: ShardStore[] = [];
    let places = 0;
    const fresh = async (): Promise<ShardStore> => {
      const store = await open(`place${++places}`);
      opened.push(store);
      return store;
    };
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
    });

    test("[S3] a row that was committed is read back as it was", async () => {
      const store = await fresh();
      const row = { body: '안녕 \u{1f600} \\ " / line\nbreak' };
      await store.commit([{ table: "bodies", key: [channel, 1], row }]);
      expect(await store.get("bodies", [channel, 1])).toEqual(row);
      expect(await store.get("bodies", [channel, 2])).toBeUndefined();
    });

    test("[S3] the last put of a key wins, within a commit and after it, and null deletes", async () => {
      const store = await fresh();
      await store.commit([
        sendRow(1),
        { table: "bodies", key: [channel, 1], row: { body: "second" } },
      ]);
      expect(await store.get("bodies", [channel, 1])).toEqual({ body: "second" });
      await store.commit([{ table: "bodies", key: [channel, 1], row: null }]);
      expect(await store.get("bodies", [channel, 1])).toBeUndefined();
    });

    test("[S3] many answers in the order of the keys", async () => {
      const store = await fresh();
      await store.commit([sendRow(1), sendRow(3)]);
      const rows = await store.many("bodies", [
        [channel, 3],
        [channel, 2],
        [channel, 1],
      ]);
      expect(rows.map((row) => row?.body)).toEqual(["body 3", undefined, "body 1"]);
    });

    test("[S3] a range is in numeric order, whatever the count of digits", async () => {
      const store = await fresh();
      await store.commit([1, 9, 10, 99, 100, 1000, 123_456].map(sendRow));
      const all = await store.range("bodies", { prefix: [channel], limit: 100 });
      expect(seqs(all)).toEqual([1, 9, 10, 99, 100, 1000, 123_456]);
      const back = await store.range("bodies", { prefix: [channel], limit: 3, reverse: true });
      expect(seqs(back)).toEqual([123_456, 1000, 100]);
    });

    test("[S3] the bounds of a range are inclusive, and it stays in its partition", async () => {
      const store = await fresh();
      await store.commit([
        ...[8, 9, 10, 11, 12].map(sendRow),
        { table: "bodies", key: [other, 10], row: { body: "x" } },
      ]);
      expect(
        seqs(await store.range("bodies", { prefix: [channel], from: 9, to: 11, limit: 10 })),
      ).toEqual([9, 10, 11]);
      expect(seqs(await store.range("bodies", { prefix: [channel], from: 12, limit: 10 }))).toEqual(
        [12],
      );
      expect(seqs(await store.range("bodies", { prefix: [channel], to: 8, limit: 10 }))).toEqual([
        8,
      ]);
      expect(await store.range("bodies", { prefix: [other], from: 11, limit: 10 })).toEqual([]);
    });

    test("[S3] keys of four columns come back whole", async () => {
      const store = await fresh();
      const row = { channel, seq: 7 };
      await store.commit([{ table: "pushes", key: [3, 1_790_000_000_123, user, 41], row }]);
      const [entry] = await store.range("pushes", { prefix: [3], to: 1_790_000_000_123, limit: 1 });
      expect(entry?.key).toEqual([3, 1_790_000_000_123, user, 41]);
      expect(entry?.row).toEqual(row);
    });

    test("[S2] what was committed is there after the store was closed and opened", async () => {
      const place = `place${++places}`;
      const first = await open(place);
      await first.commit([sendRow(1)]);
      await first.close();
      const second = await open(place);
      opened.push(second);
      expect(await second.get("bodies", [channel, 1])).toEqual({ body: "body 1" });
    });

    test("[S4][I22] after a commit that failed all fail until recover, and what was committed before is there", async () => {
      const store = await fresh();
      await store.commit([sendRow(1)]);
      breakNext(store);
      const code = (commit: Promise<void>): Promise<string> =>
        commit.then(
          () => "ok",
          () => "failed",
        );
      expect(await code(store.commit([sendRow(2)]))).toBe("failed");
      expect(await code(store.commit([sendRow(3)]))).toBe("failed");
      expect(await store.get("bodies", [channel, 1])).toEqual({ body: "body 1" });
      await store.recover();
      expect(await store.get("bodies", [channel, 3])).toBeUndefined();
      expect(await code(store.commit([sendRow(4)]))).toBe("ok");
      expect(await store.get("bodies", [channel, 1])).toEqual({ body: "body 1" });
    });

    test("[S4] recover leaves everything that was committed", async () => {
      const store = await fresh();
      await store.commit([sendRow(1)]);
      await store.recover();
      expect(await store.get("bodies", [channel, 1])).toEqual({ body: "body 1" });
      await store.commit([sendRow(2)]);
      expect(await store.get("bodies", [channel, 2])).toEqual({ body: "body 2" });
    });
  });
}
