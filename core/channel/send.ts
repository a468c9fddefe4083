/** Decides one `send`. */
import { uuidTime } from "@damso/protocol/ids";
import type { MessageId, Seq, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import type { IdClock } from "../ids/snowflake.ts";
import type { Profile } from "../ports/directory.ts";
import { refuse } from "../result.ts";
import { answer } from "../shard/decision.ts";
import type { Decided, Decision, Tell } from "../shard/decision.ts";
import type { SendCommand, Sent } from "../shard/commands.ts";
import type { Refused } from "../result.ts";
import { bodyFields, putBody, putMessage, sendsKey } from "./message.ts";
import { channelToRow } from "./state.ts";
import type { ChannelState } from "./state.ts";

export type Stamp = (ms: number) => string;
/** What every decision may ask of the world. */
export type Decider = { ids: IdClock; stamp: Stamp };

/** The message that an earlier try of this send made, when there was one. */
export type Earlier = Pick<Message, "seq" | "message_id" | "created_at">;

/** Who may begin a direct channel follows the other side's setting; once it has begun, blocks are the means. Rule D8. */
function beginFault(
  channel: ChannelState,
  send: SendCommand,
  peer: Profile | undefined,
): Refused | undefined {
  if (channel.kind !== "direct" || channel.head > 0) return undefined;
  if (!peer || peer.deleted) return refuse("not_found", "no such user");
  return mayBegin(peer, send.user_id)
    ? undefined
    : refuse("forbidden", "the user's settings do not allow it");
}

/** Whether a user's settings let `from` write to him first, or add him to a group. */
export function mayBegin(profile: Profile, from: UserId): boolean {
  if (profile.user_id === from || profile.who_may_message === "everyone") return true;
  return profile.who_may_message === "contacts" && profile.contacts.has(from);
}

/**
 * Decides one send against the channel as it stands in the order. Pure but for the id it takes:
 * the caller loaded `channel`, `earlier` and the profile of a direct channel's `peer`, and commits what comes back before it answers.
 * Rules: D3 send once, D5 membership by position, D8 blocks, D9 limits.
 */
export function decideSend(
  channel: ChannelState,
  send: SendCommand,
  earlier: Earlier | undefined,
  peer: Profile | undefined,
  world: Decider,
): Decision<Sent> {
  if (earlier) return answer(toSent(send, earlier));
  const fault =
    writeFault(channel, send.user_id) ??
    beginFault(channel, send, peer) ??
    sendFault(channel, send);
  if (fault) return fault;
  const message = toMessage(channel, send, world);
  const { full, row } = message;
  const json = JSON.stringify(row);
  const users = [...channel.members.keys()];
  const tells: Tell[] = [{ kind: "message", channel: channel.id, users, message: row, json }];
  const decided: Decided<Sent> = {
    ok: true,
    reply: toSent(send, row),
    puts: [putMessage(row, json), putSend(send, row.seq)],
    tells,
    channel: { ...channel, head: row.seq, last: row, last_ms: message.ms },
  };
  if (full !== undefined) decided.puts.push(putBody(channel.id, row.seq, full));
  if (channel.head === 0 && channel.kind === "direct") introduce(channel, users, decided);
  return decided;
}

/** A direct channel comes to be with its first message: its row, and a `channel` event before the message. Rule D4. */
function introduce(channel: ChannelState, users: readonly UserId[], decided: Decided<Sent>): void {
  decided.puts.push({ table: "channels", key: [channel.id], row: channelToRow(channel) });
  decided.tells.unshift({ kind: "joined", channel: channel.id, users, seq: 0, visible_from: 1 });
}

function putSend(send: SendCommand, seq: Seq): Decided<Sent>["puts"][number] {
  const key = sendsKey(send.channel, send.user_id, send.client_id, uuidTime(send.client_id));
  return { table: "sends", key, row: { seq }, json: `{"seq":${seq}}` };
}

function toSent(send: SendCommand, message: Earlier): Sent {
  return {
    channel: send.channel,
    client_id: send.client_id,
    seq: message.seq,
    message_id: message.message_id,
    created_at: message.created_at,
  };
}

function toMessage(
  channel: ChannelState,
  send: SendCommand,
  world: Decider,
): { row: Message; full?: string; ms: number } {
  const { id, ms } = world.ids.next(channel.last_ms);
  const { fields, full } = bodyFields(send.body);
  const row: Message = {
    message_id: id as MessageId,
    channel: channel.id,
    seq: channel.head + 1,
    kind: "text",
    sender_id: send.user_id,
    client_id: send.client_id,
    ...fields,
    created_at: world.stamp(ms),
    rev: 1,
    body_rev: 1,
  };
  if (send.reply_to !== undefined) row.reply_to = send.reply_to;
  if (send.mentions?.length) row.mentions = send.mentions;
  if (send.attachments?.length) row.attachments = send.attachments;
  return full === undefined ? { row, ms } : { row, full, ms };
}

/** Why a user may not write to the channel at this position, or undefined. One function for every path that writes. */
export function writeFault(channel: ChannelState, user_id: UserId): Refused | undefined {
  if (!channel.members.has(user_id)) return refuse("not_member");
  if (channel.blocked_by.length > 0) return refuse("blocked");
  if (channel.closed) return refuse("forbidden", "the other account is gone");
  return undefined;
}

function sendFault(channel: ChannelState, send: SendCommand): Refused | undefined {
  const from = channel.members.get(send.user_id)?.visible_from ?? 1;
  if (send.reply_to !== undefined && (send.reply_to > channel.head || send.reply_to < from)) {
    return refuse("not_found", "reply_to is not a message of this channel");
  }
  return mentionFault(channel, send.mentions);
}

export function mentionFault(
  channel: ChannelState,
  mentions: Message["mentions"],
): Refused | undefined {
  for (const who of mentions ?? []) {
    if (who === "all" ? channel.kind !== "group" : !channel.members.has(who)) {
      return refuse("invalid", "mentions names someone who is not a member");
    }
  }
  return undefined;
}
