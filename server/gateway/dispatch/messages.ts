/** Frames that change what all members of a channel see. Rules P10, P20. */
import { CLOSE, refusal } from "@damso/protocol/codes";
import type { Command } from "@damso/core/shard/commands";
import type { ClientFrames } from "@damso/protocol/frames/client";
import { ask } from "../ask.ts";
import { RATE_REFUSALS_MAX } from "../bounds.ts";
import { end, reply } from "../outgoing.ts";
import { frameOf, okFrame, refuseFrame, sentFrame } from "../replies.ts";
import type { Hub, Ready } from "../types.ts";
import { turnWindow } from "../window.ts";

export function onSend(hub: Hub, connection: Ready, frame: ClientFrames["send"]): void {
  if (limited(hub, connection, frame.id)) return;
  const command: Command<"send"> = {
    kind: "send",
    user_id: connection.attachee.user_id,
    channel: frame.channel,
    client_id: frame.client_id,
    body: frame.body,
  };
  if (frame.reply_to !== undefined) command.reply_to = frame.reply_to;
  if (frame.mentions !== undefined) command.mentions = frame.mentions;
  if (frame.attachments !== undefined) command.attachments = frame.attachments;
  hub.counters.sends++;
  ask<"send">(hub, connection, frame.id, command, sentFrame);
}

export function onEdit(hub: Hub, connection: Ready, frame: ClientFrames["edit"]): void {
  if (limited(hub, connection, frame.id)) return;
  const { type: _type, id, ...edit } = frame;
  const { user_id } = connection.attachee;
  ask<"edit">(hub, connection, id, { kind: "edit", user_id, ...edit }, revised);
}

/** For all it is the channel's, for me it is my home's. */
export function onDelete(hub: Hub, connection: Ready, frame: ClientFrames["delete"]): void {
  if (limited(hub, connection, frame.id)) return;
  const { id, channel, seq } = frame;
  const { user_id } = connection.attachee;
  if (frame.for === "all") {
    ask<"delete">(hub, connection, id, { kind: "delete", user_id, channel, seq }, revised);
  } else ask<"hide">(hub, connection, id, { kind: "hide", user_id, channel, seq }, okFrame1);
}

export function onReact(hub: Hub, connection: Ready, frame: ClientFrames["react"]): void {
  if (limited(hub, connection, frame.id)) return;
  const { id, channel, seq, emoji, on } = frame;
  const { user_id } = connection.attachee;
  ask<"react">(hub, connection, id, { kind: "react", user_id, channel, seq, emoji, on }, revised);
}

export function onPin(hub: Hub, connection: Ready, frame: ClientFrames["pin"]): void {
  if (limited(hub, connection, frame.id)) return;
  const { id, channel, seq, on } = frame;
  const { user_id } = connection.attachee;
  ask<"pin">(hub, connection, id, { kind: "pin", user_id, channel, seq, on }, revised);
}

const revised = (id: number, { rev }: { rev: number }): string => okFrame(id, rev);
const okFrame1 = (id: number): string => okFrame(id);

/** Refuses the frame when the device's bucket is empty, and closes a socket that keeps at it. Rules P12, P20. */
function limited(hub: Hub, connection: Ready, id: number): boolean {
  const wait = hub.rate_limits.take(connection.attachee.device_id);
  if (wait === 0) return false;
  hub.counters.bounds.rate_limited++;
  turnWindow(hub, connection);
  refuseFrame(hub, connection, id, refusal("rate_limited", undefined, wait));
  if (++connection.rate_refusals > RATE_REFUSALS_MAX) tooFast(hub, connection, wait);
  return true;
}

export function tooFast(hub: Hub, connection: Ready, retry_after_ms: number): void {
  reply(hub, connection, frameOf("bye", undefined, { reason: "rate_limited", retry_after_ms }));
  end(hub, connection, CLOSE.rate_limited, "rate limited");
}
