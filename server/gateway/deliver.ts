/** Live events from the homes to the sockets of their users. A hint: what does not get through is read again. Rules D16, D20. */
import type { GatewayItem } from "@damso/core/ports/bus";
import { CLOSE } from "@damso/protocol/codes";
import type { Pos, SessionId, UserId } from "@damso/protocol/ids";
import { HELD_EVENTS_MAX, HELD_UNITS_MAX } from "./bounds.ts";
import { channelLeft } from "./left.ts";
import { end, endReplaced, ephemeral, event } from "./outgoing.ts";
import type { Connection, Hub } from "./types.ts";
import { channelChanged } from "./topics.ts";
import { presenceChanged } from "./watches.ts";

export function deliver(hub: Hub, items: readonly GatewayItem[]): void {
  for (const item of items) {
    switch (item.kind) {
      case "event":
        deliverEvent(hub, item);
        break;
      case "frame":
        deliverFrame(hub, item.user_id, item.frame);
        break;
      case "left": {
        const user = hub.users.get(item.user_id);
        if (user) channelLeft(hub, user, item.channel);
        break;
      }
      case "revoked":
        closeRevoked(hub, item.user_id, item.sessions);
        break;
      case "replaced":
        closeReplaced(hub, item);
        break;
    }
  }
}

/** The part that all recipients share was encoded once; each frame is that and its own position and counts. */
function deliverEvent(hub: Hub, item: Extract<GatewayItem, { kind: "event" }>): void {
  const start = `{"type":"${item.type}","pos":`;
  const { shared } = item;
  for (const { user_id, pos, tail } of item.to) {
    const user = hub.users.get(user_id);
    if (!user) continue;
    const frame = start + pos + shared + tail;
    for (const connection of user.sockets) {
      if (connection.state === "ready") event(hub, connection, pos, frame);
      else hold(hub, connection, pos, frame);
    }
    for (const poll of user.polls) poll.wake();
    if (item.type === "channel" && item.channel) channelChanged(hub, user, item.channel);
  }
}

/** Keeps an event back until `welcome` is written; beyond the bound all of them, for one `head` behind it. */
function hold(hub: Hub, connection: Connection, pos: Pos, frame: string): void {
  const { held } = connection;
  if (held && held.length < HELD_EVENTS_MAX && connection.held_units < HELD_UNITS_MAX) {
    held.push({ pos, frame });
    connection.held_units += frame.length;
    return;
  }
  if (held) hub.counters.bounds.held++;
  for (const waiting of held ?? []) connection.missed = Math.max(connection.missed, waiting.pos);
  connection.missed = Math.max(connection.missed, pos);
  connection.held = undefined;
}

function deliverFrame(hub: Hub, user_id: UserId, frame: string): void {
  if (frame.startsWith(`{"type":"presence"`)) {
    presenceChanged(hub, user_id, frame);
    return;
  }
  for (const connection of hub.users.get(user_id)?.sockets ?? []) ephemeral(hub, connection, frame);
}

/** This one and no newer one of the device, which may have come back meanwhile. Rule X6. */
function closeReplaced(hub: Hub, item: Extract<GatewayItem, { kind: "replaced" }>): void {
  const { user_id, device_id, serial } = item;
  for (const connection of hub.users.get(user_id)?.sockets ?? []) {
    if (connection.serial !== serial || connection.attachee?.device_id !== device_id) continue;
    endReplaced(hub, connection);
  }
}

/** Sessions that ended: at once, whatever stage their sockets are at. Rule I17. */
export function closeRevoked(hub: Hub, user_id: UserId, sessions: readonly SessionId[]): void {
  const user = hub.users.get(user_id);
  if (!user) return;
  for (const connection of user.sockets) {
    if (!sessions.includes(connection.attachee?.session_id as SessionId)) continue;
    connection.gone = true;
    end(hub, connection, CLOSE.session_revoked, "session revoked");
  }
  for (const poll of user.polls) {
    if (sessions.includes(poll.attachee.session_id)) poll.end("revoked");
  }
}
