/**
 * Writes what a home's memory knows beyond its rows, and trims the feed. Between two covers a message costs one
 * feed row per member and nothing else. Rules S7 (covering), S8 (trimming).
 */
import type { Pos } from "@damso/protocol/ids";
import type { Put } from "../tables.ts";
import { ownToRow, userToRow } from "./state.ts";
import type { UserState } from "./state.ts";

export const FEED_KEPT_ENTRIES = 10_000;
export const FEED_KEPT_MS: number = 90 * 24 * 3600 * 1000;
/** How far apart the remembered ages are, and how many feed rows one cover deletes at the most. */
const AGE_STEP = 1000;

export function cover(user: UserState, now: number): Put[] {
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
  puts.push(...trim(user, now));
  puts.push({ table: "users", key: [user.id], row: userToRow(user) });
  return puts;
}

/** Drops entries that are both beyond the kept number and older than the kept time; never more than one step at once. */
function trim(user: UserState, now: number): Put[] {
  const newest = user.ages.at(-1)?.[0] ?? 0;
  if (user.head - newest >= AGE_STEP) user.ages = [...user.ages, [user.head, now]];
  const [first, second] = user.ages;
  if (!first || !second) return [];
  const [pos, at_ms] = first;
  if (user.head - pos < FEED_KEPT_ENTRIES || now - at_ms < FEED_KEPT_MS) return [];
  const puts: Put[] = [];
  for (let at: Pos = user.tail + 1; at <= pos; at++) {
    puts.push({ table: "feed", key: [user.id, at], row: null });
  }
  user.tail = pos;
  user.ages = user.ages.slice(1);
  return puts;
}
