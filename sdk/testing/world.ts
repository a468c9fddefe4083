/** A clock that moves only when told, and randomness from a seed: the same run every time. */
import type { Cancel, Environment } from "../environment.ts";
import { memoryStore, memoryTables } from "../store/memory.ts";
import type { MemoryTables } from "../store/memory.ts";

export type World = {
  now: () => number;
  /** In [0, 1), from the seed. */
  random: () => number;
  setTimer: Environment["setTimer"];
  /** Lets everything run that is due within the next `ms`, in order. */
  advance: (ms: number) => Promise<void>;
  /** Runs on until `done`; throws after `ms`. */
  until: (done: () => boolean, ms?: number) => Promise<void>;
  /** The stores of this world by name: they outlive their clients. */
  disks: Map<string, MemoryTables>;
  /** Messages of a channel that a store keeps at least. */
  keep: number;
};

type Timer = { at: number; order: number; fire: () => void };

const START = 1_767_225_600_000;

export function world(seed: number = 1): World {
  let now = START;
  let order = 0;
  const timers = new Set<Timer>();
  const disks = new Map<string, MemoryTables>();
  const random = generator(seed);

  const setTimer = (ms: number, fire: () => void): Cancel => {
    const timer: Timer = { at: now + Math.max(0, ms), order: order++, fire };
    timers.add(timer);
    return () => void timers.delete(timer);
  };

  /** Fires the next timer that is due by `limit`; false when there is none. */
  const fireNext = async (limit: number): Promise<boolean> => {
    await settle();
    const due = [...timers].filter((timer) => timer.at <= limit);
    const [next] = due.sort((a, b) => a.at - b.at || a.order - b.order);
    if (next === undefined) return false;
    timers.delete(next);
    now = Math.max(now, next.at);
    next.fire();
    return true;
  };

  return {
    now: () => now,
    random,
    setTimer,
    disks,
    keep: 1000,
    advance: async (ms) => {
      const limit = now + ms;
      while (await fireNext(limit));
      now = limit;
    },
    until: async (done, ms = 600_000) => {
      const limit = now + ms;
      await settle();
      while (!done()) {
        if (!(await fireNext(limit)))
          throw new Error(`not done after ${ms} ms: ${done.toString()}`);
        await settle();
      }
    },
  };
}

/** The environment of one device in this world; the network is given. */
export function environmentOf(
  from: World,
  network: Pick<Environment, "openSocket" | "fetch" | "watchNetwork">,
): Environment {
  return {
    ...network,
    now: from.now,
    setTimer: from.setTimer,
    randomBytes: (count) =>
      Uint8Array.from({ length: count }, () => Math.floor(from.random() * 256)),
    openStore: async (name) => {
      const tables = from.disks.get(name) ?? memoryTables();
      from.disks.set(name, tables);
      return memoryStore(tables, from.keep);
    },
  };
}

/** Long enough for every chain of promises that waits for nothing but promises. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 40; turns++) await Promise.resolve();
}

/** Mulberry32: small, fast, and good enough to choose faults. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
