/**
 * Memory of what was loaded, oldest first out. What takes part in a commit that is not durable stays, and so does
 * a key that is being loaded: a load that began before a write must find that write in memory when it returns.
 */
export type Cache<K, V> = {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  delete(key: K): void;
  /** Runs a load of a key. When it returns, what memory holds of the key is newer than what was loaded. */
  loading<T>(key: K, load: () => Promise<T>): Promise<T>;
  values(): IterableIterator<V>;
  clear(): void;
  size(): number;
};

export function createCache<K, V>(max: number, mayLeave: (value: V) => boolean): Cache<K, V> {
  const map = new Map<K, V>();
  const loads = new Map<K, number>();

  function evict(): void {
    // Looks at a few of the oldest only: what may not leave yet goes to the young end and is looked at again later.
    for (let tries = 0; map.size > max && tries < 8; tries++) {
      const oldest = map.entries().next().value;
      if (!oldest) return;
      const [key, value] = oldest;
      map.delete(key);
      if (loads.has(key) || !mayLeave(value)) map.set(key, value);
    }
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

  return {
    get: (key) => map.get(key),
    set(key, value) {
      map.delete(key);
      map.set(key, value);
      if (map.size > max) evict();
    },
    delete: (key) => void map.delete(key),
    loading,
    values: () => map.values(),
    clear: () => map.clear(),
    size: () => map.size,
  };
}
