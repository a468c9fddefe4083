import { storeContract } from "./contract.testing.ts";
import { memoryStore, memoryTables } from "./memory.ts";
import type { MemoryTables } from "./memory.ts";

const kept = new Map<string, MemoryTables>();

storeContract("memory", async (name) => {
  const tables = kept.get(name) ?? memoryTables();
  kept.set(name, tables);
  return memoryStore(tables);
});
