/** Frames about what is on the screen: open channels, watched users, typing. Rules R4, R7, R8. */
import type { ClientFrames } from "@damso/protocol/frames/client";
import type { UserId } from "@damso/protocol/ids";
import { mayAsk } from "../allow.ts";
import { ask } from "../ask.ts";
import { WATCH_INTERVAL_MS, WATCH_USER_MS } from "../bounds.ts";
import { openCost } from "../limits.ts";
import { reply } from "../outgoing.ts";
import { okFrame } from "../replies.ts";
import { closeChannel, openChannel } from "../topics.ts";
import type { Hub, Ready } from "../types.ts";
import { setWatched } from "../watches.ts";

export function onOpen(hub: Hub, connection: Ready, frame: ClientFrames["open"]): void {
  if (!mayAsk(hub, connection, frame.id, openCost(frame.channel))) return;
  openChannel(hub, connection, frame.id, frame.channel);
}

export function onClose(hub: Hub, connection: Ready, frame: ClientFrames["close"]): void {
  closeChannel(hub, connection, frame.channel);
  if (frame.id !== undefined) reply(hub, connection, okFrame(frame.id));
}

/** A screen that scrolls changes its set all the time: the first is applied at once, of those that follow the last. */
export function onWatch(hub: Hub, connection: Ready, frame: ClientFrames["watch"]): void {
  if (frame.id !== undefined) reply(hub, connection, okFrame(frame.id));
  if (hub.time < connection.watch_from) {
    connection.watch_next = frame.users;
    hub.pending_watches.add(connection);
  } else applyWatch(hub, connection, frame.users);
}

function applyWatch(hub: Hub, connection: Ready, users: readonly UserId[]): void {
  connection.watch_from = hub.time + Math.max(WATCH_INTERVAL_MS, users.length * WATCH_USER_MS);
  setWatched(hub, connection, users);
}

export function applyPendingWatches(hub: Hub): void {
  for (const connection of hub.pending_watches) {
    if (hub.time < connection.watch_from) continue;
    hub.pending_watches.delete(connection);
    applyWatch(hub, connection as Ready, connection.watch_next ?? []);
    connection.watch_next = undefined;
  }
}

/** One that says nothing new is answered and goes no further. */
export function onTyping(hub: Hub, connection: Ready, frame: ClientFrames["typing"]): void {
  const { id, channel } = frame;
  const { user_id } = connection.attachee;
  if (!hub.typing.take(user_id, channel)) {
    if (id !== undefined) reply(hub, connection, okFrame(id));
    return;
  }
  ask<"typing">(hub, connection, id, { kind: "typing", user_id, channel }, (reply_id) =>
    okFrame(reply_id),
  );
}
