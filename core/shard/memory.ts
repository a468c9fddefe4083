/**
 * What a shard holds in memory of its store: channels, homes, messages that change.
 * Everything here can be dropped and loaded again: the store is the truth. Invariant I13.
 */
import { directMembers } from "@damso/protocol/ids";
import type { ChannelId, Seq, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import { marksFromRow } from "../channel/marks.ts";
import type { Marks } from "../channel/marks.ts";
import { channelFromRow, newDirect } from "../channel/state.ts";
import type { ChannelState } from "../channel/state.ts";
import type { ShardStore } from "../ports/store.ts";
import type { Home } from "../presence/home.ts";
import { loadOwns, loadUser } from "../user/load.ts";
import type { UserState } from "../user/state.ts";
import { createCache } from "./cache.ts";
import type { Cache } from "./cache.ts";
import { ask, knownOrAssumed, noteAssumed } from "./profiles.ts";
import type { Asker } from "./profiles.ts";

/** How much of each may stay that nobody asks for. */
export type MemoryMax = { channels: number; users: number; messages: number };

const MEMORY_MAX: MemoryMax = { channels: 100_000, users: 100_000, messages: 20_000 };

/** A channel in memory, with the last commit that it takes part in. */
export type HeldChannel = { state: ChannelState; marks: Marks; batch: number };
export type HeldMessage = { message: Message; batch: number };

export type Memory = {
  channels: Cache<ChannelId, HeldChannel>;
  users: Cache<UserId, UserState>;
  messages: Cache<string, HeldMessage>;
  homes: Map<UserId, Home>;
  /** Channels with watermarks that are to be told or stored. */
  moved: Map<ChannelId, Marks>;
  /** Loads under way, so that a home is loaded once. */
  loading: Map<UserId, Promise<UserState | undefined>>;
  /** Raised by `clearMemory`: a load that began before it must not bring back what was dropped. */
  generation: number;
};

export type Loader = Asker & { memory: Memory; store: ShardStore; now(): number };

export const messageKey = (channel: ChannelId, seq: Seq): string => `${channel}/${seq}`;

export type MemoryOptions = {
  /** The last commit that is durable. */
  durable: () => number;
  soon: (run: () => void) => void;
  max?: MemoryMax | undefined;
};

export function createMemory({ durable, soon, max = MEMORY_MAX }: MemoryOptions): Memory {
  const homes = new Map<UserId, Home>();
  return {
    channels: createCache({
      max: max.channels,
      mayLeave: (held) => held.batch <= durable() && held.marks.dirty_since === 0,
      soon,
    }),
    users: createCache({
      max: max.users,
      mayLeave: (user) => user.batch <= durable() && !homes.has(user.id),
      soon,
    }),
    messages: createCache({ max: max.messages, mayLeave: (held) => held.batch <= durable(), soon }),
    homes,
    moved: new Map(),
    loading: new Map(),
    generation: 0,
  };
}

export function clearMemory(memory: Memory): void {
  memory.generation++;
  // What a failed commit has told may be among it, and others will have its places.
  for (const { undelivered } of memory.homes.values()) undelivered.clear();
  memory.channels.clear();
  memory.users.clear();
  memory.messages.clear();
  memory.moved.clear();
  memory.loading.clear();
}

/**
 * Afterwards the channel is in memory, or there is none: a group never made, a direct channel of an unknown user. What was
 * read before memory was dropped says neither, and is read again.
 */
export function loadChannel(at: Loader, id: ChannelId): Promise<void> {
  const { memory } = at;
  return memory.channels.loading(id, async () => {
    while (!memory.channels.get(id)) {
      const begun = memory.generation;
      const held = await readChannel(at, id);
      if (begun !== memory.generation) continue;
      if (!held) return;
      if (!memory.channels.get(id)) memory.channels.set(id, held);
    }
  });
}

async function readChannel(at: Loader, id: ChannelId): Promise<HeldChannel | undefined> {
  const { store } = at;
  const [row, marks, newest] = await Promise.all([
    store.get("channels", [id]),
    store.get("marks", [id]),
    store.range("messages", { prefix: [id], limit: 1, reverse: true }),
  ]);
  const state = row ? channelFromRow(id, row, newest[0]?.row) : await freshDirect(at, id);
  return state && { state, marks: marksFromRow(marks), batch: 0 };
}

/** A direct channel exists as soon as both users do; its row comes with the first message. */
async function freshDirect(at: Loader, id: ChannelId): Promise<ChannelState | undefined> {
  const pair = directMembers(id);
  if (!pair) return undefined;
  const answers = await Promise.all(pair.map((user_id) => ask(at, user_id)));
  if (answers.some(({ profile }) => !profile || profile.deleted)) return undefined;
  return newDirect(id, pair[0], new Date(at.now()).toISOString());
}

/** False when there is no such user. Afterwards the home and its own state of `wanted` are in memory. */
export async function loadHome(
  at: Loader,
  id: UserId,
  wanted: readonly ChannelId[],
): Promise<boolean> {
  const user = await loadState(at, id);
  if (user) await loadOwns(at.store, user, wanted);
  return user !== undefined;
}

function loadState(at: Loader, id: UserId): Promise<UserState | undefined> {
  const { memory } = at;
  const held = memory.users.get(id);
  if (held) return Promise.resolve(held);
  const under_way = memory.loading.get(id);
  if (under_way) return under_way;
  const load = loadOnce(at, id).finally(() => {
    if (memory.loading.get(id) === load) memory.loading.delete(id);
  });
  memory.loading.set(id, load);
  return load;
}

async function loadOnce(at: Loader, id: UserId): Promise<UserState | undefined> {
  const begun = at.memory.generation;
  const known = await knownOrAssumed(at, id);
  if (!known) return undefined;
  const user = await loadUser(at.store, known);
  if (begun !== at.memory.generation) return user;
  at.memory.users.set(id, user);
  if (user.assumed) noteAssumed(at, user);
  return user;
}

/** The message as committed last or decided since; undefined when there is none. */
export function loadMessage(
  at: Loader,
  channel: ChannelId,
  seq: Seq,
): Promise<Message | undefined> {
  const key = messageKey(channel, seq);
  return at.memory.messages.loading(key, async () => {
    const row = await at.store.get("messages", [channel, seq]);
    return at.memory.messages.get(key)?.message ?? row;
  });
}
