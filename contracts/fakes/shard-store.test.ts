import { shardStoreContract } from "../shard-store.ts";
import { createFakeStore } from "./shard-store.ts";
import type { FakeStore } from "./shard-store.ts";

const places = new Map<string, FakeStore>();

shardStoreContract(
  "fake",
  async (place) => {
    const store = places.get(place) ?? createFakeStore();
    places.set(place, store);
    return store;
  },
  (store) => (store as FakeStore).fail(false),
);
