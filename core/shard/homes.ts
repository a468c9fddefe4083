/** How everything gets hold of a home: in memory, in the turn in which it is used. Rule S7. */
import type { ChannelId, UserId } from "@damso/protocol/ids";
import type { UserState } from "../user/state.ts";
import type { Shard } from "./context.ts";
import { learn } from "./learn.ts";
import { loadHome } from "./memory.ts";

/**
 * Runs `then` on the home with these channels in memory, or on undefined when there is no such user. It runs in the
 * turn of the check: after an await the home may have left memory, and what is done to it then would be done to no one.
 */
export async function inHome<T>(
  shard: Shard,
  user_id: UserId,
  channels: readonly ChannelId[],
  then: (user: UserState | undefined) => T | Promise<T>,
): Promise<T> {
  for (;;) {
    const held = shard.memory.users.get(user_id);
    if (held && channels.every((channel) => held.channels.has(channel))) return then(held);
    if (!(await loadHome(shard, user_id, channels))) return then(undefined);
  }
}

/**
 * As `inHome`, for what depends on what the user is or allows: not run on what is only assumed of him. Throws when the
 * directory does not answer.
 */
export async function inKnownHome<T>(
  shard: Shard,
  user_id: UserId,
  channels: readonly ChannelId[],
  then: (user: UserState | undefined) => T | Promise<T>,
): Promise<T> {
  for (;;) {
    const unknown: Unknown<T> = await inHome(shard, user_id, channels, async (user) =>
      user?.assumed ? { user } : { done: await then(user) },
    );
    if ("done" in unknown) return unknown.done;
    await learn(shard, unknown.user);
  }
}

type Unknown<T> = { user: UserState } | { done: T };

/** The home for reading; undefined when there is no such user. */
export function loaded(
  shard: Shard,
  user_id: UserId,
  channels: readonly ChannelId[] = [],
): Promise<UserState | undefined> {
  return inHome(shard, user_id, channels, (user) => user);
}
