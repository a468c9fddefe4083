/** Replies as text. Exactly one for every frame with an `id`. Rule P10. */
import type { Refusal } from "@damso/protocol/codes";
import type { Sent } from "@damso/core/shard/commands";
import { countRefusal } from "./counters.ts";
import { reply } from "./outgoing.ts";
import type { Connection, Hub } from "./types.ts";

/** Written by hand because it is the answer to every message: all fields are validated ids, numbers and times. */
export function sentFrame(id: number, sent: Sent): string {
  return `{"type":"sent","id":${id},"channel":"${sent.channel}","client_id":"${sent.client_id}","seq":${sent.seq},"message_id":"${sent.message_id}","created_at":"${sent.created_at}"}`;
}

export function okFrame(id: number, rev?: number): string {
  return rev === undefined ? `{"type":"ok","id":${id}}` : `{"type":"ok","id":${id},"rev":${rev}}`;
}

/** `fields` is an object without `type` and `id`. */
export function frameOf(type: string, id: number | undefined, fields: object): string {
  return JSON.stringify(id === undefined ? { type, ...fields } : { type, id, ...fields });
}

export function errorFrame(id: number | undefined, refusal: Refusal): string {
  return frameOf("error", id, refusal);
}

export function refuseFrame(
  hub: Hub,
  connection: Connection,
  id: number | undefined,
  refusal: Refusal,
): void {
  countRefusal(hub.counters, refusal.code);
  reply(hub, connection, errorFrame(id, refusal));
}
