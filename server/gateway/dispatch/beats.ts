/** Frames that say: I am here, and this is how far I am. Rules R1, R5. */
import type { ClientFrames } from "@damso/protocol/frames/client";
import { ask, request } from "../ask.ts";
import { ACK_INTERVAL_MS, PING_INTERVAL_MS } from "../bounds.ts";
import { reply } from "../outgoing.ts";
import { okFrame } from "../replies.ts";
import type { Hub, Ready } from "../types.ts";

/** The answer needs nobody; what the home makes of it is its own matter. A change of `active` it hears at once. */
export function onPing(hub: Hub, connection: Ready, frame: ClientFrames["ping"]): void {
  const { id, active } = frame;
  reply(hub, connection, id === undefined ? `{"type":"pong"}` : `{"type":"pong","id":${id}}`);
  const turned = active !== undefined && active !== connection.active;
  if (!turned && hub.time - connection.pinged_at < PING_INTERVAL_MS) return;
  connection.pinged_at = hub.time;
  if (turned) connection.active = active;
  void request<"ping">(hub, {
    kind: "ping",
    ...connection.attachee,
    active: connection.active,
  });
}

/** A watermark: several within 100 ms travel as the highest, a change of `active` at once. */
export function onAck(hub: Hub, connection: Ready, frame: ClientFrames["ack"]): void {
  const { id, pos, active } = frame;
  if (pos > connection.acked) connection.acked = pos;
  const turned = active !== undefined && active !== connection.active;
  if (turned) connection.active = active;
  if (id !== undefined || turned) {
    const { acked } = connection;
    ask<"ack">(
      hub,
      connection,
      id,
      { kind: "ack", ...connection.attachee, pos: acked, active: connection.active },
      (reply_id) => okFrame(reply_id),
    );
    return;
  }
  if (connection.acking) return;
  connection.acking = true;
  if (hub.acking.push(connection) === 1) hub.timers.after(ACK_INTERVAL_MS, () => tellAcks(hub));
}

function tellAcks(hub: Hub): void {
  const acking = hub.acking;
  hub.acking = [];
  for (const connection of acking) {
    connection.acking = false;
    const { attachee, acked, active, state } = connection;
    if (!attachee || state !== "ready") continue;
    void request<"ack">(hub, { kind: "ack", ...attachee, pos: acked, active });
  }
}
