/** What a home shows its user: the channels with their own state, newest first. */
import { LIMITS } from "@damso/protocol/limits";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { done, refuse } from "../result.ts";
import type { Result } from "../result.ts";
import { loadAllOwns } from "../user/load.ts";
import type { Own, UserState } from "../user/state.ts";
import { BEHIND, reaches } from "./catch-up.ts";
import type { CommandOf, OwnView } from "./commands.ts";
import type { Shard } from "./context.ts";
import { isHere } from "./here.ts";
import { loaded } from "./homes.ts";
import { ownView } from "./views.ts";
import { durable } from "./write.ts";

const DEFAULT_LIMIT = 50;

export async function ownChannel(
  shard: Shard,
  command: CommandOf<"own_channel">,
): Promise<Result<OwnView>> {
  const { user_id, channel } = command;
  // Who has just made a channel, or written its first message, asks for it before its shard has told the home.
  if (!isHere(shard, channel) && !(await reaches(shard, user_id, channel, 0))) return BEHIND;
  const user = await loaded(shard, user_id, [channel]);
  if (!user) return refuse("not_found", "no such user");
  const own = user.channels.get(channel);
  const answer = own ? done(ownView(user, channel, own)) : refuse("not_member");
  return (await durable(shard)) ? answer : refuse("unavailable");
}

type Listed = { channels: OwnView[]; cursor?: string };

export async function ownChannels(
  shard: Shard,
  command: CommandOf<"own_channels">,
): Promise<Result<Listed>> {
  const before = command.cursor === undefined ? Number.POSITIVE_INFINITY : Number(command.cursor);
  if (Number.isNaN(before)) return refuse("invalid", "cursor is not one of this list's");
  const limit = Math.min(command.limit ?? DEFAULT_LIMIT, LIMITS.channels_page_max);
  const value = await withAllOwns(shard, command.user_id, (user) => pageOf(user, before, limit));
  if (!value) return refuse("not_found", "no such user");
  return (await durable(shard)) ? done(value) : refuse("unavailable");
}

function pageOf(user: UserState, before: number, limit: number): Listed {
  const after: [ChannelId, Own][] = [];
  for (const [channel, own] of user.channels)
    if (own && own.activity < before) after.push([channel, own]);
  after.sort(([, a], [, b]) => b.activity - a.activity);
  const page = after.slice(0, limit);
  const value: Listed = { channels: page.map(([channel, own]) => ownView(user, channel, own)) };
  const last = page.at(-1);
  if (last && after.length > limit) value.cursor = String(last[1].activity);
  return value;
}

/** Runs `then` on the home with all its channels in memory, in the turn of that check; undefined: no such user. */
export async function withAllOwns<T>(
  shard: Shard,
  user_id: UserId,
  then: (user: UserState) => T,
): Promise<T | undefined> {
  for (;;) {
    const user = await loaded(shard, user_id);
    if (!user) return undefined;
    await loadAllOwns(shard.store, user);
    if (shard.memory.users.get(user_id) === user) return then(user);
  }
}
