/** How a message is laid out in rows: long bodies apart, so that pages and events stay small. Rules S5, D10. */
import { LIMITS } from "@damso/protocol/limits";
import { codePoints, cutText, withinBytes } from "@damso/protocol/text";
import type { ChannelId, ClientId, MessageId, Seq, UserId } from "@damso/protocol/ids";
import type { Message, SystemEvent } from "@damso/protocol/schema/message";
import type { Put } from "../tables.ts";

/** UTF-16 units of a preview: at most 3 bytes each, so always under 4 KiB of UTF-8. */
const PREVIEW_UNITS = 1000;

export type Identity = { channel: ChannelId; seq: Seq; message_id: MessageId; created_at: string };

/** The body fields of a message row; `full` is set when the body must go to `bodies`. */
export function bodyFields(body: string): {
  fields: Pick<Message, "body" | "truncated" | "length">;
  full?: string;
} {
  if (withinBytes(body, LIMITS.preview_bytes_max)) return { fields: { body } };
  return {
    fields: { body: cutText(body, PREVIEW_UNITS), truncated: true, length: codePoints(body) },
    full: body,
  };
}

export function systemMessage(at: Identity, system: SystemEvent): Message {
  return {
    message_id: at.message_id,
    channel: at.channel,
    seq: at.seq,
    kind: "system",
    sender_id: system.by,
    created_at: at.created_at,
    rev: 1,
    body_rev: 1,
    system,
  };
}

/** The row of a message, with its JSON at hand: the same text is stored and sent. */
export function putMessage(message: Message, json: string): Put {
  return { table: "messages", key: [message.channel, message.seq], row: message, json };
}

export function putBody(channel: ChannelId, seq: Seq, full: string | undefined): Put {
  return { table: "bodies", key: [channel, seq], row: full === undefined ? null : { body: full } };
}

/** Months since 1970: the partition of a dedup row, from the client id's own time, so a retry finds it for ever. */
export function sendsMonth(client_ms: number): number {
  const at = new Date(client_ms);
  return (at.getUTCFullYear() - 1970) * 12 + at.getUTCMonth();
}

export function sendsKey(
  channel: ChannelId,
  sender: UserId,
  client_id: ClientId,
  client_ms: number,
): readonly [ChannelId, number, UserId, ClientId] {
  return [channel, sendsMonth(client_ms), sender, client_id];
}

/** What someone without the right to a message gets in its place: the place, and nothing else. Rule D7. */
export function unavailable(message: Message): Message {
  return {
    message_id: message.message_id,
    channel: message.channel,
    seq: message.seq,
    kind: message.kind,
    sender_id: message.sender_id,
    ...(message.client_id !== undefined && { client_id: message.client_id }),
    created_at: message.created_at,
    rev: 0,
    body_rev: 0,
    unavailable: true,
  };
}
