/** Which shard a channel or a user lives in, as the shard's owner sees it. Without a place everything lives here. */
import type { ChannelId, UserId } from "@damso/protocol/ids";

export type Place = { shard(key: ChannelId | UserId): number };

export function isHere(
  at: { shard: number; place?: Place | undefined },
  key: ChannelId | UserId,
): boolean {
  return at.place === undefined || at.place.shard(key) === at.shard;
}
