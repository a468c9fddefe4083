import type { Keep } from "../model/keep.ts";

/** A browser can forbid storage, by throwing on the mere mention of it. */
export function keepIn(storage: () => Storage): Keep {
  return {
    get: (key) => {
      try {
        return storage().getItem(key) ?? undefined;
      } catch {
        return undefined;
      }
    },
    set: (key, text) => {
      try {
        storage().setItem(key, text);
      } catch {
        // Forgotten, as the type says.
      }
    },
    remove: (key) => {
      try {
        storage().removeItem(key);
      } catch {
        // There was nothing.
      }
    },
  };
}
