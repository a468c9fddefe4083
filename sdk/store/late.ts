/** A store that is opened when it is first needed; where it cannot be, the device remembers in memory only. */
import { DamsoError } from "../errors.ts";
import { memoryStore } from "./memory.ts";
import type { Store } from "./port.ts";

export function lateStore(open: () => Promise<Store>, failed: (error: DamsoError) => void): Store {
  let opening: Promise<Store> | undefined;
  const inMemory = (error: unknown): Promise<Store> => {
    failed(new DamsoError("store_failed", String(error)));
    return (opening = Promise.resolve(memoryStore()));
  };
  const opened = (): Promise<Store> => (opening ??= open().catch(inMemory));
  const late: Store = {
    load: async () => {
      const reading = (await opened()).load();
      const snapshot = await reading.catch(async (error) => (await inMemory(error)).load());
      const { keep } = await opened();
      if (keep) late.keep = keep;
      return snapshot;
    },
    messages: async (...stretch) => (await opened()).messages(...stretch),
    apply: async (change) => (await opened()).apply(change),
    close: async () => (await opening)?.close(),
    destroy: async () => (await opened()).destroy(),
  };
  return late;
}
