/** Frames about what is on the screen: open channels, watched users, typing. Rules R4, R7, R8. */
import { LIMITS } from "@damso/protocol/limits";
import type { ClientFrames } from "@damso/protocol/frames/client";
import type { ChannelId } from "@damso/protocol/ids";
import { ask } from "../ask.ts";
import { OPEN_CHANNELS_MAX, WATCH_INTERVAL_MS } from "../bounds.ts";
import { reply } from "../outgoing.ts";
import { okFrame } from "../replies.ts";
import { closeChannel, openChannel } from "../topics.ts";
import type { AttachedUser, Hub, Ready } from "../types.ts";
import { setWatched } from "../watches.ts";

export function onOpen(hub: Hub, connection: Ready, frame: ClientFrames["open"]): void {
  openChannel(hub, connection, frame.id, frame.channel);
}

export function onClose(hub: Hub, connection: Ready, frame: ClientFrames["close"]): void {
  closeChannel(hub, connection, frame.channel);
  if (frame.id !== undefined) reply(hub, connection, okFrame(frame.id));
}

/** A screen that scrolls changes its set all the time: the first is applied at once, of those that follow the last. */
export function onWatch(hub: Hub, connection: Ready, frame: ClientFrames["watch"]): void {
  if (frame.id !== undefined) reply(hub, connection, okFrame(frame.id));
  if (hub.time - connection.watch_at < WATCH_INTERVAL_MS) {
    connection.watch_next = frame.users;
    hub.pending_watches.add(connection);
    return;
  }
  connection.watch_at = hub.time;
  setWatched(hub, connection, frame.users);
}

export function applyPendingWatches(hub: Hub): void {
  for (const connection of hub.pending_watches) {
    if (hub.time - connection.watch_at < WATCH_INTERVAL_MS) continue;
    hub.pending_watches.delete(connection);
    connection.watch_at = hub.time;
    setWatched(hub, connection as Ready, connection.watch_next ?? []);
    connection.watch_next = undefined;
  }
}

/** More often than every 3 s it says nothing new: such a frame is answered and goes no further. */
export function onTyping(hub: Hub, connection: Ready, frame: ClientFrames["typing"]): void {
  const { id, channel } = frame;
  if (typedLately(hub, connection.user, channel)) {
    if (id !== undefined) reply(hub, connection, okFrame(id));
    return;
  }
  const { user_id } = connection.attachee;
  ask<"typing">(hub, connection, id, { kind: "typing", user_id, channel }, (reply_id) =>
    okFrame(reply_id),
  );
}

function typedLately(hub: Hub, user: AttachedUser, channel: ChannelId): boolean {
  const typed = (user.typed ??= new Map<ChannelId, number>());
  const at = typed.get(channel);
  // The gateway's time moves in ticks, so it is given one to be early.
  if (at !== undefined && hub.time - at < LIMITS.typing_interval_ms - 500) return true;
  typed.delete(channel);
  typed.set(channel, hub.time);
  const [oldest] = typed.keys();
  if (typed.size > OPEN_CHANNELS_MAX && oldest !== undefined) typed.delete(oldest);
  return false;
}
