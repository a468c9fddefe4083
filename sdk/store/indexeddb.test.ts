import { expect, test } from "bun:test";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { groupId, messageOf } from "../testing/records.ts";
import { storeContract } from "./contract.testing.ts";
import type { Factory, KeyRanges } from "./indexeddb-types.ts";
import { indexedDbStore } from "./indexeddb.ts";

const idb = {
  factory: new IDBFactory() as unknown as Factory,
  ranges: IDBKeyRange as unknown as KeyRanges,
};

storeContract("IndexedDB", (name) => indexedDbStore(idb, name));

test("[I2] IndexedDB: a change with a value that cannot be stored leaves nothing of itself", async () => {
  const store = await indexedDbStore(idb, "refused");
  const good = messageOf(groupId(1), 1);
  const bad = { ...messageOf(groupId(1), 2), body: (() => "") as unknown as string };
  const steps = [{ put: good }, { cut: groupId(2), from: 1, to: 1 }, { put: bad }];
  const change = { channels: new Map(), messages: steps, outbox: new Map() };
  expect(await store.apply(change).catch(() => "refused")).toBe("refused");
  expect(await store.messages(groupId(1), 1, 9)).toEqual([]);
  await store.close();
});
