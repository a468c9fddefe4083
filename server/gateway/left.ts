/** A user is no longer a member of a channel: nothing of it reaches his sockets any more. Rule I18. */
import type { FeedEvent } from "@damso/protocol/frames/events";
import type { ChannelId } from "@damso/protocol/ids";
import { closeChannel } from "./topics.ts";
import type { AttachedUser, Hub } from "./types.ts";

export function channelLeft(hub: Hub, user: AttachedUser, channel: ChannelId): void {
  for (const connection of user.sockets) closeChannel(hub, connection, channel, true);
}

/** The live word may have been lost, like any; then the page that the device reads brings it. */
export function channelsLeft(hub: Hub, user: AttachedUser, events: readonly FeedEvent[]): void {
  for (const event of events) {
    if (event.type === "channel_left") channelLeft(hub, user, event.channel);
  }
}
