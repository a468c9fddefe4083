/** What a home shows its user: the channels with their own state, newest first. */
import { LIMITS } from "@damso/protocol/limits";
import type { ChannelId } from "@damso/protocol/ids";
import { done, refuse } from "../result.ts";
import type { Result } from "../result.ts";
import { ownFromRow } from "../user/state.ts";
import type { Own, UserState } from "../user/state.ts";
import type { CommandOf, OwnView } from "./commands.ts";
import type { Shard } from "./context.ts";
import { loaded } from "./user-writes.ts";
import { ownView } from "./views.ts";
import { durable } from "./write.ts";

const DEFAULT_LIMIT = 50;
/** Rows of a user's own channels read at the most: a bound far above what a person has. */
const CHANNELS_MAX = 20_000;

export async function ownChannel(
  shard: Shard,
  command: CommandOf<"own_channel">,
): Promise<Result<OwnView>> {
  const user = await loaded(shard, command.user_id, [command.channel]);
  if (!user) return refuse("not_found", "no such user");
  const own = user.channels.get(command.channel);
  const answer = own ? done(ownView(user, command.channel, own)) : refuse("not_member");
  return (await durable(shard)) ? answer : refuse("unavailable");
}

type Listed = { channels: OwnView[]; cursor?: string };

export async function ownChannels(
  shard: Shard,
  command: CommandOf<"own_channels">,
): Promise<Result<Listed>> {
  const { user, owns } = await allOwns(shard, command);
  if (!user) return refuse("not_found", "no such user");
  const before = command.cursor === undefined ? Number.POSITIVE_INFINITY : Number(command.cursor);
  if (Number.isNaN(before)) return refuse("invalid", "cursor is not one of this list's");
  const limit = Math.min(command.limit ?? DEFAULT_LIMIT, LIMITS.channels_page_max);
  const after = [...owns].filter(([, own]) => own.activity < before);
  after.sort(([, a], [, b]) => b.activity - a.activity);
  const page = after.slice(0, limit);
  const value: Listed = { channels: page.map(([channel, own]) => ownView(user, channel, own)) };
  const last = page.at(-1);
  if (last && after.length > limit) value.cursor = String(last[1].activity);
  return (await durable(shard)) ? done(value) : refuse("unavailable");
}

type Owns =
  | { user: UserState; owns: Map<ChannelId, Own> }
  | { user: undefined; owns: Map<ChannelId, Own> };

/** Rows of the store under what memory knows: memory is newer wherever it knows a channel at all. */
async function allOwns(shard: Shard, command: CommandOf<"own_channels">): Promise<Owns> {
  for (;;) {
    const user = await loaded(shard, command.user_id);
    if (!user) return { user: undefined, owns: new Map() };
    const prefix = [command.user_id];
    const rows = user.stored
      ? await shard.store.range("user_channels", { prefix, limit: CHANNELS_MAX })
      : [];
    // A home that left memory meanwhile may have written rows that this read did not see: read again.
    if (shard.memory.users.get(command.user_id) !== user) continue;
    const owns = new Map<ChannelId, Own>();
    for (const { key, row } of rows)
      if (!user.channels.has(key[1])) owns.set(key[1], ownFromRow(row));
    for (const [channel, own] of user.channels) if (own) owns.set(channel, own);
    return { user, owns };
  }
}
