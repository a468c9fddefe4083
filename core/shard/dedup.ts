/**
 * Which client ids were accepted lately. The table `sends` is the authority, for ever; this memory only says when
 * reading it can be skipped. Rules D3, S9; invariant I4.
 *
 * It holds every id accepted with a time above `floor`. So an id above the floor that is not held was never accepted,
 * unless its sender's clock was far ahead when it was: those raise `ahead` of their channel, and are always looked up.
 */
import type { Earlier } from "../channel/send.ts";

/** How far ahead of now a client's clock may be for the memory to vouch for its ids. */
export const AHEAD_MS = 60_000;
const KEPT_MAX = 200_000;
const KEPT_MS = 120_000;

export type Dedup = {
  find(key: string, client_ms: number): Earlier | undefined;
  /** Remembers an id that was decided on and is not durable yet, or is above the floor. */
  accept(key: string, client_ms: number, earlier: Earlier, now: number): void;
  /** The id is durable: one at or below the floor is found in the table from now on. */
  settled(key: string): void;
  /** True when an id of this time that is not held cannot have been accepted. */
  vouches(client_ms: number, now: number, ahead: number): boolean;
  /** Forgets what is old or too much, and raises the floor accordingly. */
  trim(now: number): void;
  size(): number;
};

export function createDedup(first_floor: number): Dedup {
  const seconds = new Map<number, Map<string, Earlier>>();
  const pending = new Map<string, Earlier>();
  let floor = first_floor;
  let held = 0;

  const secondOf = (ms: number): number => Math.floor(ms / 1000);

  function drop(second: number): void {
    held -= seconds.get(second)?.size ?? 0;
    seconds.delete(second);
    floor = Math.max(floor, (second + 1) * 1000 - 1);
  }

  function trim(now: number): void {
    const oldest_kept = secondOf(now - KEPT_MS);
    // Oldest first: the floor is one number, so what lies below a forgotten second must be forgotten with it.
    for (const second of [...seconds.keys()].sort((a, b) => a - b)) {
      if (second >= oldest_kept && held <= KEPT_MAX) return;
      drop(second);
    }
  }

  return {
    find: (key, client_ms) => seconds.get(secondOf(client_ms))?.get(key) ?? pending.get(key),
    accept(key, client_ms, earlier, now) {
      pending.set(key, earlier);
      if (client_ms <= floor || client_ms > now + AHEAD_MS) return;
      const second = secondOf(client_ms);
      let bucket = seconds.get(second);
      if (!bucket) seconds.set(second, (bucket = new Map()));
      bucket.set(key, earlier);
      held++;
    },
    settled: (key) => void pending.delete(key),
    vouches: (client_ms, now, ahead) =>
      client_ms > floor && client_ms <= now + AHEAD_MS && client_ms > ahead,
    trim,
    size: () => held,
  };
}
