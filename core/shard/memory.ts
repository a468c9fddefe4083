/**
 * What a shard holds in memory of its store: channels, homes, messages that change, client ids.
 * Everything here can be dropped and loaded again: the store is the truth. Invariant I13.
 */
import { directMembers } from "@damso/protocol/ids";
import type { ChannelId, Seq, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import { channelFromRow, newDirect } from "../channel/state.ts";
import type { ChannelState } from "../channel/state.ts";
import { marksFromRow } from "../channel/marks.ts";
import type { Marks } from "../channel/marks.ts";
import type { Directory, Profile } from "../ports/directory.ts";
import type { ShardStore } from "../ports/store.ts";
import type { Home } from "../presence/home.ts";
import { loadOwns, loadUser } from "../user/load.ts";
import type { UserState } from "../user/state.ts";
import { createCache } from "./cache.ts";
import type { Cache } from "./cache.ts";

const CHANNELS_MAX = 100_000;
const USERS_MAX = 100_000;
const MESSAGES_MAX = 20_000;

/** A channel in memory, with the last commit that it takes part in. */
export type HeldChannel = { state: ChannelState; marks: Marks; batch: number };
export type HeldMessage = { message: Message; batch: number };

export type Memory = {
  channels: Cache<ChannelId, HeldChannel>;
  users: Cache<UserId, UserState>;
  messages: Cache<string, HeldMessage>;
  homes: Map<UserId, Home>;
  /** The channel, or undefined when there is none and there cannot be: a group that was never made, an unknown user. */
  loadChannel(id: ChannelId): Promise<void>;
  loadUser(id: UserId, channels: readonly ChannelId[]): Promise<boolean>;
  loadMessage(channel: ChannelId, seq: Seq): Promise<Message | undefined>;
  clear(): void;
};

export type MemoryDeps = {
  store: ShardStore;
  directory: Directory;
  now(): number;
  durable(): number;
};

export const messageKey = (channel: ChannelId, seq: Seq): string => `${channel}/${seq}`;

export function createMemory(deps: MemoryDeps): Memory {
  const { store, directory } = deps;
  const homes = new Map<UserId, Home>();
  const channels = createCache<ChannelId, HeldChannel>(
    CHANNELS_MAX,
    (held) => held.batch <= deps.durable() && held.marks.dirty_since === 0,
  );
  const messages = createCache<string, HeldMessage>(
    MESSAGES_MAX,
    (held) => held.batch <= deps.durable(),
  );
  const users = createCache<UserId, UserState>(
    USERS_MAX,
    (user) => user.batch <= deps.durable() && !homes.has(user.id),
  );
  const loading = new Map<UserId, Promise<UserState | undefined>>();
  // A load that began before `clear` must not bring back what was dropped.
  let generation = 0;

  async function loadChannel(id: ChannelId): Promise<void> {
    if (channels.get(id)) return;
    const begun = generation;
    const [row, marks, newest] = await Promise.all([
      store.get("channels", [id]),
      store.get("marks", [id]),
      store.range("messages", { prefix: [id], limit: 1, reverse: true }),
    ]);
    if (begun !== generation || channels.get(id)) return;
    const state = row ? channelFromRow(id, row, newest[0]?.row) : await fresh(id);
    if (state && begun === generation && !channels.get(id))
      channels.set(id, { state, marks: marksFromRow(marks), batch: 0 });
  }

  /** A direct channel exists as soon as both users do; its row comes with the first message. */
  async function fresh(id: ChannelId): Promise<ChannelState | undefined> {
    const pair = directMembers(id);
    if (!pair) return undefined;
    const profiles = await Promise.all(pair.map((user_id) => directory.profile(user_id)));
    if (profiles.some((profile) => !profile || profile.deleted)) return undefined;
    return newDirect(id, pair[0], new Date(deps.now()).toISOString());
  }

  async function loadUserOnce(id: UserId): Promise<UserState | undefined> {
    const begun = generation;
    const profile: Profile | undefined = await directory.profile(id);
    if (!profile) return undefined;
    const user = await loadUser(store, profile);
    if (begun === generation) users.set(id, user);
    return user;
  }

  async function loadUserState(id: UserId): Promise<UserState | undefined> {
    const held = users.get(id);
    if (held) return held;
    let load = loading.get(id);
    if (!load) {
      load = loadUserOnce(id).finally(() => loading.delete(id));
      loading.set(id, load);
    }
    return load;
  }

  return {
    channels,
    users,
    messages,
    homes,
    loadChannel,
    async loadUser(id, wanted) {
      const user = await loadUserState(id);
      if (user) await loadOwns(store, user, wanted);
      return user !== undefined;
    },
    loadMessage: (channel, seq) =>
      messages.loading(messageKey(channel, seq), async () => {
        const row = await store.get("messages", [channel, seq]);
        const held = messages.get(messageKey(channel, seq));
        return held ? held.message : row;
      }),
    clear() {
      generation++;
      for (const cache of [channels, users, messages]) cache.clear();
      loading.clear();
    },
  };
}
