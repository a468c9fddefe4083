/** A store that is opened when it is first needed; where it cannot be, the device remembers in memory only. */
import { DamsoError } from "../errors.ts";
import { memoryStore } from "./memory.ts";
import type { Store } from "./port.ts";

export function lateStore(open: () => Promise<Store>, failed: (error: DamsoError) => void): Store {
  let opening: Promise<Store> | undefined;
  const opened = (): Promise<Store> =>
    (opening ??= open().catch((error: unknown) => {
      failed(new DamsoError("store_failed", String(error)));
      return memoryStore();
    }));
  const late: Store = {
    load: async () => {
      const store = await opened();
      if (store.keep) late.keep = store.keep;
      return store.load();
    },
    messages: async (...stretch) => (await opened()).messages(...stretch),
    apply: async (change) => (await opened()).apply(change),
    close: async () => (await opening)?.close(),
    destroy: async () => (await opened()).destroy(),
  };
  return late;
}
