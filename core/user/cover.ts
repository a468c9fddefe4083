/**
 * Writes what a home's memory knows beyond its rows, and trims the feed. Between two covers a message costs one
 * feed row per member and nothing else. Rules S7 (covering), S8 (trimming).
 */
import type { Pos } from "@damso/protocol/ids";
import type { Put } from "../tables.ts";
import { ownToRow, userToRow } from "./state.ts";
import type { UserState } from "./state.ts";

export type FeedKept = {
  /** So many entries stay at least, and each at least so long. */
  entries: number;
  ms: number;
  /** How far apart the remembered ages are at least. One cover deletes fewer rows than `step` and `cover_every` together. */
  step: number;
  /** Entries after which the changed rows of a home are written: what a load replays at most. */
  cover_every: number;
};

/** What the specification promises. */
export const FEED_KEPT: FeedKept = {
  entries: 10_000,
  ms: 90 * 24 * 3600 * 1000,
  step: 1000,
  cover_every: 256,
};

export function mustCover(user: UserState, { cover_every }: FeedKept): boolean {
  return user.head - user.covered >= cover_every || !user.stored;
}

export function cover(user: UserState, now: number, kept: FeedKept): Put[] {
  const puts: Put[] = [];
  for (const channel of user.dirty) {
    const own = user.channels.get(channel);
    if (own) own.pos = user.head;
    const row = own ? ownToRow(own, user.head) : null;
    puts.push({ table: "user_channels", key: [user.id, channel], row });
  }
  user.dirty.clear();
  user.covered = user.head;
  user.stored = true;
  puts.push(...trim(user, now, kept));
  puts.push({ table: "users", key: [user.id], row: userToRow(user) });
  return puts;
}

/** Drops entries that are both beyond the kept number and older than the kept time; never more than one age at once. */
function trim(user: UserState, now: number, kept: FeedKept): Put[] {
  const newest = user.ages.at(-1)?.[0] ?? 0;
  if (user.head - newest >= kept.step) user.ages = [...user.ages, [user.head, now]];
  const [first, second] = user.ages;
  if (!first || !second) return [];
  const [pos, at_ms] = first;
  if (user.head - pos < kept.entries || now - at_ms < kept.ms) return [];
  const puts: Put[] = [];
  for (let at: Pos = user.tail + 1; at <= pos; at++) {
    puts.push({ table: "feed", key: [user.id, at], row: null });
  }
  user.tail = pos;
  user.ages = user.ages.slice(1);
  return puts;
}
