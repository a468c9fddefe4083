/** Frames about the user's own view of a channel: they go to the user's home. Rules D13, P17. */
import type { ClientFrames } from "@damso/protocol/frames/client";
import { mayAsk } from "../allow.ts";
import { ask } from "../ask.ts";
import { okFrame } from "../replies.ts";
import type { Hub, Ready } from "../types.ts";

const done = (id: number): string => okFrame(id);

export function onRead(hub: Hub, connection: Ready, frame: ClientFrames["read"]): void {
  if (!mayAsk(hub, connection, frame.id)) return;
  const { id, channel, seq } = frame;
  const { user_id } = connection.attachee;
  ask<"read">(hub, connection, id, { kind: "read", user_id, channel, seq }, done);
}

export function onSet(hub: Hub, connection: Ready, frame: ClientFrames["set"]): void {
  if (!mayAsk(hub, connection, frame.id)) return;
  const { type: _type, id, channel, ...set } = frame;
  const { user_id } = connection.attachee;
  ask<"set">(hub, connection, id, { kind: "set", user_id, channel, set }, done);
}
