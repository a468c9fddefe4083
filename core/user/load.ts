/** Brings a home into memory: its row, the feed entries after it, and the own rows those entries touch. Rule S7. */
import type { ChannelId, UserId } from "@damso/protocol/ids";
import type { ShardStore } from "../ports/store.ts";
import type { Known } from "../shard/profiles.ts";
import type { FeedRow } from "../tables.ts";
import { applyEntry } from "./apply.ts";
import { ownFromRow } from "./state.ts";
import type { UserState } from "./state.ts";

/** Entries read at once; a cover is due every 256, so one page is nearly always all. */
const REPLAY_PAGE = 512;

export async function loadUser(store: ShardStore, known: Known): Promise<UserState> {
  const { profile } = known;
  const row = await store.get("users", [profile.user_id]);
  const user: UserState = {
    id: profile.user_id,
    head: row?.covered ?? 0,
    covered: row?.covered ?? 0,
    tail: row?.tail ?? 0,
    ages: row?.ages ?? [],
    stored: row !== undefined,
    last_active_ms: row?.last_active_at ?? 0,
    revoked: row?.revoked ?? [],
    channels: new Map(),
    complete: row === undefined,
    absent: new Set(),
    dirty: new Set(),
    ...known,
    owed: new Map(),
    batch: 0,
  };
  // Without a row there is no entry: the first entry of a feed is committed together with it.
  if (row) await replay(store, user);
  return user;
}

async function replay(store: ShardStore, user: UserState): Promise<void> {
  for (;;) {
    const page = await store.range("feed", {
      prefix: [user.id],
      from: user.head + 1,
      limit: REPLAY_PAGE,
    });
    await loadOwns(store, user, page.map((entry) => entry.row).flatMap(channelOf));
    for (const { key, row } of page) {
      if (key[1] !== user.head + 1)
        throw new Error(`hole in the feed of ${user.id} at ${user.head + 1}`);
      user.head = key[1];
      applyEntry(user, key[1], row);
    }
    if (page.length < REPLAY_PAGE) return;
  }
}

function channelOf(row: FeedRow): ChannelId[] {
  return row.kind === "account" ? [] : [row.channel];
}

/** Channels remembered as not this user's: anyone may ask about any id, so there is a bound. */
const ABSENT_MAX = 64;
const OWNS_PAGE = 1000;

/** Loads the own rows of these channels that are not in memory yet. */
export async function loadOwns(
  store: ShardStore,
  user: UserState,
  channels: readonly ChannelId[],
): Promise<void> {
  const missing = [...new Set(channels)].filter((channel) => !user.channels.has(channel));
  if (missing.length === 0) return;
  const keys = missing.map((channel): readonly [UserId, ChannelId] => [user.id, channel]);
  const rows = user.complete ? [] : await store.many("user_channels", keys);
  for (const [i, channel] of missing.entries()) {
    const row = rows[i];
    // Set only what is still missing: a decision may have made it while the store was read.
    if (user.channels.has(channel)) continue;
    user.channels.set(channel, row ? ownFromRow(row) : null);
    if (!row) user.absent.add(channel);
  }
  forgetAbsent(user, missing);
}

/** Forgets the oldest that are neither waiting to be written nor asked for right now. */
function forgetAbsent(user: UserState, asked: readonly ChannelId[]): void {
  for (const channel of user.absent) {
    if (user.absent.size <= ABSENT_MAX) return;
    if (asked.includes(channel)) continue;
    user.absent.delete(channel);
    if (user.channels.get(channel) === null && !user.dirty.has(channel))
      user.channels.delete(channel);
  }
}

/** Loads every channel of the user. From then on the lists and the sum of unread cost no reading. */
export async function loadAllOwns(store: ShardStore, user: UserState): Promise<void> {
  let from: string | undefined;
  while (!user.complete) {
    const page = await store.range("user_channels", {
      prefix: [user.id],
      limit: OWNS_PAGE,
      ...(from !== undefined && { from }),
    });
    for (const { key, row } of page) {
      if (!user.channels.has(key[1])) user.channels.set(key[1], ownFromRow(row));
    }
    const last = page.at(-1)?.key[1];
    // The next page begins with the row that this one ends with.
    if (last === undefined || page.length < OWNS_PAGE) user.complete = true;
    else from = last;
  }
}
