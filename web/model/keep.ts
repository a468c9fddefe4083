/** A few small texts that outlive a reload: the browser's local or session storage. */
export type Keep = {
  get: (key: string) => string | undefined;
  /** Never throws: a full or forbidden storage forgets. */
  set: (key: string, text: string) => void;
  remove: (key: string) => void;
};

/** The same, until it ends: whatever is still under way then is kept nowhere. */
export function mortalKeep(keep: Keep): { keep: Keep; end: () => void } {
  let alive = true;
  return {
    keep: {
      ...keep,
      set: (key, text) => {
        if (alive) keep.set(key, text);
      },
    },
    end: () => {
      alive = false;
    },
  };
}

/** What was kept as JSON, or undefined when there is nothing or it is damaged. */
export function getJson<T>(keep: Keep, key: string): T | undefined {
  const text = keep.get(key);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
