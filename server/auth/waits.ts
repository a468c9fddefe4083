/** Calls that wait at this node: so many, and one for each thing waited for. Invariant I20. */

export type Waits = {
  /** A place for a call that waits for `key`, which ends the one that waited for it before; undefined when all are taken. */
  enter(key: string): Place | undefined;
};

export type Place = { ended: AbortSignal; leave(): void };

export function createWaits(waits_max: number): Waits {
  const places = new Map<string, AbortController>();
  return {
    enter: (key) => {
      const before = places.get(key);
      if (!before && places.size >= waits_max) return undefined;
      const own = new AbortController();
      places.set(key, own);
      before?.abort();
      return {
        ended: own.signal,
        leave: () => {
          if (places.get(key) === own) places.delete(key);
        },
      };
    },
  };
}
