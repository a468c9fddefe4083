/** A user is no longer a member of a channel: nothing of it reaches his sockets any more. Rule I18. */
import type { EventsPage } from "@damso/core/shard/commands";
import { CODES } from "@damso/protocol/codes";
import { directMembers } from "@damso/protocol/ids";
import type { ChannelId } from "@damso/protocol/ids";
import { request } from "./ask.ts";
import { closeChannel } from "./topics.ts";
import type { AttachedUser, Hub } from "./types.ts";

export function channelLeft(hub: Hub, user: AttachedUser, channel: ChannelId): void {
  for (const connection of user.sockets) closeChannel(hub, connection, channel, true);
}

/** The live word may have been lost, like any; then the page that the device reads brings it. */
export function channelsLeft(hub: Hub, user: AttachedUser, page: EventsPage): void {
  for (const event of page.events) {
    if (event.type === "channel_left") channelLeft(hub, user, event.channel);
  }
  if (page.reset) void recheckOpen(hub, user);
}

/**
 * A device may also read no page, or one that leaves events out: what this user has open is asked of its owners. False
 * when not all could say.
 */
export async function recheckOpen(hub: Hub, user: AttachedUser): Promise<boolean> {
  const open = new Set(user.sockets.flatMap((socket) => [...(socket.open?.keys() ?? [])]));
  const groups = [...open].filter((channel) => !directMembers(channel));
  const known = await Promise.all(groups.map((channel) => recheck(hub, user, channel)));
  return !known.includes(false);
}

async function recheck(hub: Hub, user: AttachedUser, channel: ChannelId): Promise<boolean> {
  const result = await request<"view">(hub, { kind: "view", user_id: user.user_id, channel });
  if (result.ok) return true;
  if (CODES[result.refusal.code].retry) return false;
  channelLeft(hub, user, channel);
  return true;
}
