/**
 * A home hears of channels in other shards a little later than they happen. Where that shows, as when its user does
 * something about a message that he saw in the history, the home first catches up. Rule D24.
 */
import type { ChannelId, Seq, UserId } from "@damso/protocol/ids";
import { done, refuse } from "../result.ts";
import type { Refused, Result } from "../result.ts";
import type { CommandOf } from "./commands.ts";
import { BUSY_RETRY_MS } from "./context.ts";
import type { Shard } from "./context.ts";
import { isHere } from "./here.ts";
import { loaded } from "./homes.ts";
import { durable } from "./write.ts";

/** What a channel of another shard told is on its way to this home, and takes longer than anybody should wait. */
export const BEHIND: Refused = refuse("busy", undefined, BUSY_RETRY_MS);

/** Waits until homes of this shard know all that the channel's owner had told when it was asked; false: not in time. */
export async function caughtUp(shard: Shard, channel: ChannelId): Promise<boolean> {
  if (!shard.place || isHere(shard, channel)) return true;
  const source = shard.place.shard(channel);
  const told = await shard.bus.request({ kind: "told", shard: source, target: shard.shard });
  return told.ok && shard.fed.reached(source, told.value.n);
}

/**
 * True when the home has what the channel told up to `seq`, and the channel itself, if the owner knows of that at all.
 * A marker that were cut to what the home knows would stay behind for good.
 */
export async function reaches(
  shard: Shard,
  user_id: UserId,
  channel: ChannelId,
  seq: Seq,
): Promise<boolean> {
  if (isHere(shard, channel)) return true;
  const own = (await loaded(shard, user_id, [channel]))?.channels.get(channel);
  return (own ? seq <= own.head : false) || caughtUp(shard, channel);
}

/** What a read has shown was forwarded in the turn of its commit: so after the gate its row is counted. */
export async function told(
  shard: Shard,
  command: CommandOf<"told">,
): Promise<Result<{ n: number }>> {
  if (shard.failure || command.shard !== shard.shard || !(await durable(shard)))
    return refuse("unavailable");
  return done({ n: shard.forwarder.told(command.target) });
}
