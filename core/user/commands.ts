/** Decides what a user does to the own state of a channel: read, set, hide. Rules D12, D13. */
import type { ChannelId, Seq, UserId } from "@damso/protocol/ids";
import { LIMITS } from "@damso/protocol/limits";
import type { Message } from "@damso/protocol/schema/message";
import { refuse } from "../result.ts";
import type { Refused } from "../result.ts";
import type { OwnSettings } from "../tables.ts";
import type { NewEntry } from "./feed.ts";
import { addSeq, hasSeq } from "./ranges.ts";
import type { Ranges } from "./ranges.ts";
import type { Own } from "./state.ts";

export type OwnDecision = { ok: true; entry?: NewEntry } | Refused;

const NOT_MEMBER: Refused = refuse("not_member");

/** The marker moves forward only, and never past the newest message. */
export function decideRead(
  own: Own | null | undefined,
  channel: ChannelId,
  seq: Seq,
  rest?: number,
): OwnDecision {
  if (!own) return NOT_MEMBER;
  const to = Math.min(seq, own.head);
  if (to <= own.read && !own.unread_mark) return { ok: true };
  return {
    ok: true,
    entry: {
      kind: "read",
      channel,
      seq: Math.max(to, own.read),
      ...(rest !== undefined && { rest }),
    },
  };
}

export function decideSet(
  own: Own | null | undefined,
  channel: ChannelId,
  wanted: OwnSettings,
  rest?: number,
): OwnDecision {
  if (!own) return NOT_MEMBER;
  const set: OwnSettings = { ...wanted };
  if (typeof set.cleared_to === "number")
    set.cleared_to = Math.max(own.cleared_to, Math.min(set.cleared_to, own.head));
  if (typeof set.muted_until === "string")
    set.muted_until = new Date(set.muted_until).toISOString();
  // One way to say that there is none, so that devices that hear of it and devices that ask agree.
  if (set.draft === "") set.draft = null;
  if (Object.keys(set).length === 0) return { ok: true };
  return {
    ok: true,
    entry: { kind: "channel_settings", channel, set, ...(rest !== undefined && { rest }) },
  };
}

/** Delete for me: the message goes from every device of this user and from no one else's. */
export function decideHide(
  own: Own | null | undefined,
  channel: ChannelId,
  seq: Seq,
  message: Message | undefined,
  user_id: UserId,
): OwnDecision {
  if (!own) return NOT_MEMBER;
  if (!message || seq > own.head || seq < own.visible_from) return refuse("not_found");
  if (hasSeq(own.hidden, seq)) return { ok: true };
  if (isFull(own.hidden, seq))
    return refuse("invalid", "the channel has as many hidden messages as it may have");
  const entry: NewEntry = { kind: "message_hidden", channel, seq };
  if (countsAsUnread(message, user_id)) entry.skip = true;
  return { ok: true, entry };
}

/** All of it is read and written with the channel's row, and goes along with each question for a page. Rule P20. */
function isFull(hidden: Ranges, seq: Seq): boolean {
  const { hidden_ranges_max } = LIMITS;
  return hidden.length >= hidden_ranges_max && addSeq(hidden, seq).length > hidden_ranges_max;
}

/** Whether a message counts for this user at all, read or not. */
export function countsAsUnread(message: Message, user_id: UserId): boolean {
  return (
    message.kind === "text" && message.sender_id !== user_id && message.deleted_at === undefined
  );
}
