/** Brings a home into memory: its row, the feed entries after it, and the own rows those entries touch. Rule S7. */
import type { ChannelId, UserId } from "@damso/protocol/ids";
import type { Profile } from "../ports/directory.ts";
import type { ShardStore } from "../ports/store.ts";
import type { FeedRow } from "../tables.ts";
import { applyEntry } from "./apply.ts";
import { ownFromRow } from "./state.ts";
import type { UserState } from "./state.ts";

/** Entries read at once; a cover is due every 256, so one page is nearly always all. */
const REPLAY_PAGE = 512;

export async function loadUser(store: ShardStore, profile: Profile): Promise<UserState> {
  const row = await store.get("users", [profile.user_id]);
  const user: UserState = {
    id: profile.user_id,
    head: row?.covered ?? 0,
    covered: row?.covered ?? 0,
    tail: row?.tail ?? 0,
    ages: row?.ages ?? [],
    stored: row !== undefined,
    last_active_ms: row?.last_active_at ?? 0,
    channels: new Map(),
    dirty: new Set(),
    profile,
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

/** Loads the own rows of these channels that are not in memory yet. */
export async function loadOwns(
  store: ShardStore,
  user: UserState,
  channels: readonly ChannelId[],
): Promise<void> {
  const missing = [...new Set(channels)].filter((channel) => !user.channels.has(channel));
  if (missing.length === 0) return;
  const keys = missing.map((channel): readonly [UserId, ChannelId] => [user.id, channel]);
  const rows = await store.many("user_channels", keys);
  for (const [i, channel] of missing.entries()) {
    const row = rows[i];
    // Set only what is still missing: a decision may have made it while the store was read.
    if (!user.channels.has(channel)) user.channels.set(channel, row ? ownFromRow(row) : null);
  }
}
