/** Frames that change what all members of a channel see. Rules P10, P20. */
import type { Command } from "@damso/core/shard/commands";
import type { ClientFrames } from "@damso/protocol/frames/client";
import { maySend } from "../allow.ts";
import { ask } from "../ask.ts";
import { okFrame, sentFrame } from "../replies.ts";
import type { Hub, Ready } from "../types.ts";

export function onSend(hub: Hub, connection: Ready, frame: ClientFrames["send"]): void {
  if (!maySend(hub, connection, frame.id)) return;
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
  if (!maySend(hub, connection, frame.id)) return;
  const { type: _type, id, ...edit } = frame;
  const { user_id } = connection.attachee;
  ask<"edit">(hub, connection, id, { kind: "edit", user_id, ...edit }, revised);
}

/** For all it is the channel's, for me it is my home's. */
export function onDelete(hub: Hub, connection: Ready, frame: ClientFrames["delete"]): void {
  if (!maySend(hub, connection, frame.id)) return;
  const { id, channel, seq } = frame;
  const { user_id } = connection.attachee;
  if (frame.for === "all") {
    ask<"delete">(hub, connection, id, { kind: "delete", user_id, channel, seq }, revised);
  } else ask<"hide">(hub, connection, id, { kind: "hide", user_id, channel, seq }, okFrame1);
}

export function onReact(hub: Hub, connection: Ready, frame: ClientFrames["react"]): void {
  if (!maySend(hub, connection, frame.id)) return;
  const { id, channel, seq, emoji, on } = frame;
  const { user_id } = connection.attachee;
  ask<"react">(hub, connection, id, { kind: "react", user_id, channel, seq, emoji, on }, revised);
}

export function onPin(hub: Hub, connection: Ready, frame: ClientFrames["pin"]): void {
  if (!maySend(hub, connection, frame.id)) return;
  const { id, channel, seq, on } = frame;
  const { user_id } = connection.attachee;
  ask<"pin">(hub, connection, id, { kind: "pin", user_id, channel, seq, on }, revised);
}

const revised = (id: number, { rev }: { rev: number }): string => okFrame(id, rev);
const okFrame1 = (id: number): string => okFrame(id);
