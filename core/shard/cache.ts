/**
 * Memory of what was loaded, in two generations: when the young one is full it becomes the old one, and what was not
 * asked for since the last time leaves. Nothing is deleted one by one, because a Map that loses its oldest key for
 * every new one walks over its own gaps.
 *
 * What takes part in a commit that is not durable stays, and so does a key that is being loaded: a load that began
 * before a write must find that write in memory when it returns.
 */
export type Cache<K, V> = {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  delete(key: K): void;
  /** Runs a load of a key. When it returns, what memory holds of the key is newer than what was loaded. */
  loading<T>(key: K, load: () => Promise<T>): Promise<T>;
  values(): Iterable<V>;
  clear(): void;
  size(): number;
};

export type CacheOptions<V> = {
  max: number;
  mayLeave: (value: V) => boolean;
  /** Runs at the end of this turn: whoever has found all that he needs in memory keeps it until he is done. */
  soon: (run: () => void) => void;
};

export function createCache<K, V>({ max, mayLeave, soon }: CacheOptions<V>): Cache<K, V> {
  const half = Math.ceil(max / 2);
  let young_max = half;
  let young = new Map<K, V>();
  let old = new Map<K, V>();
  const loads = new Map<K, number>();
  let isDue = false;

  function rotate(): void {
    isDue = false;
    const leaving = old;
    old = young;
    young = new Map();
    for (const [key, value] of leaving) {
      if (!old.has(key) && (loads.has(key) || !mayLeave(value))) young.set(key, value);
    }
    // What may not leave goes round with every turn: so a turn comes only when as much again is new.
    young_max = Math.max(half, 2 * young.size);
  }

  function get(key: K): V | undefined {
    const value = young.get(key);
    if (value !== undefined) return value;
    const aged = old.get(key);
    if (aged !== undefined) set(key, aged);
    return aged;
  }

  function set(key: K, value: V): void {
    young.set(key, value);
    if (isDue || young.size <= young_max) return;
    isDue = true;
    soon(rotate);
  }

  async function loading<T>(key: K, load: () => Promise<T>): Promise<T> {
    loads.set(key, (loads.get(key) ?? 0) + 1);
    try {
      return await load();
    } finally {
      const left = (loads.get(key) ?? 1) - 1;
      if (left === 0) loads.delete(key);
      else loads.set(key, left);
    }
  }

  function* values(): Iterable<V> {
    yield* young.values();
    for (const [key, value] of old) if (!young.has(key)) yield value;
  }

  return {
    get,
    set,
    delete(key) {
      young.delete(key);
      old.delete(key);
    },
    loading,
    values,
    clear() {
      young.clear();
      old.clear();
    },
    size: () => young.size + old.size,
  };
}
