/** Decides changes of a message that exists: edit, delete for all, react, pin. Each raises `rev`. Rules D10, D11. */
import { LIMITS } from "@damso/protocol/limits";
import type { UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import { refuse } from "../result.ts";
import type { Refused } from "../result.ts";
import type { CommandOf, Revised } from "../shard/commands.ts";
import { answer } from "../shard/decision.ts";
import type { Decided, Decision } from "../shard/decision.ts";
import type { Put } from "../tables.ts";
import { bodyFields, putBody, putMessage } from "./message.ts";
import { mentionFault, writeFault } from "./send.ts";
import { channelToRow, viewersOf } from "./state.ts";
import type { ChannelState } from "./state.ts";

/** The message a change is about, when this user may see it and it can still change. */
function target(
  channel: ChannelState,
  user_id: UserId,
  message: Message | undefined,
): Message | Refused {
  const member = channel.members.get(user_id);
  if (!member) return refuse("not_member");
  if (!message || message.seq < member.visible_from) return refuse("not_found");
  if (message.kind === "system") return refuse("forbidden", "a system message does not change");
  if (message.deleted_at !== undefined) return refuse("not_found", "the message was deleted");
  return message;
}

/** As `target`, for who may write to the channel too. */
function writableTarget(
  channel: ChannelState,
  user_id: UserId,
  found: Message | undefined,
): Message | Refused {
  const message = target(channel, user_id, found);
  return isRefused(message) ? message : (writeFault(channel, user_id) ?? message);
}

const isRefused = (value: Message | Refused): value is Refused => "refusal" in value;

function changed(channel: ChannelState, message: Message, puts: Put[] = []): Decided<Revised> {
  const json = JSON.stringify(message);
  const users = viewersOf(channel, message.seq);
  return {
    ok: true,
    reply: { rev: message.rev },
    puts: [putMessage(message, json), ...puts],
    tells: [{ kind: "updated", channel: channel.id, users, message, json }],
    channel: message.seq === channel.head ? { ...channel, last: message } : channel,
  };
}

export function decideEdit(
  channel: ChannelState,
  edit: CommandOf<"edit">,
  found: Message | undefined,
  now: string,
): Decision<Revised> {
  const message = target(channel, edit.user_id, found);
  if (isRefused(message)) return message;
  if (message.sender_id !== edit.user_id)
    return refuse("forbidden", "only the sender edits a message");
  const fault = writeFault(channel, edit.user_id) ?? mentionFault(channel, edit.mentions);
  if (fault) return fault;
  if (edit.if_rev !== undefined && edit.if_rev !== message.rev) return refuse("conflict");
  const { fields, full } = bodyFields(edit.body);
  const { truncated, length: _length, mentions, ...rest } = message;
  const named = edit.mentions ?? mentions;
  const next: Message = {
    ...rest,
    ...fields,
    ...(named?.length && { mentions: named }),
    rev: message.rev + 1,
    body_rev: message.body_rev + 1,
    edited_at: now,
  };
  const apart = full !== undefined || truncated ? [putBody(channel.id, message.seq, full)] : [];
  return changed(channel, next, apart);
}

/** Delete for all: the sender's own, or any by an owner or admin of a group. The body goes from every row. Invariant I16. */
export function decideDelete(
  channel: ChannelState,
  command: CommandOf<"delete">,
  found: Message | undefined,
  now: string,
): Decision<Revised> {
  const message = target(channel, command.user_id, found);
  if (isRefused(message)) return message;
  const role = channel.members.get(command.user_id)?.role;
  if (message.sender_id !== command.user_id && role !== "owner" && role !== "admin") {
    return refuse("forbidden", "only the sender or an admin deletes for all");
  }
  const next: Message = {
    message_id: message.message_id,
    channel: message.channel,
    seq: message.seq,
    kind: message.kind,
    sender_id: message.sender_id,
    ...(message.client_id !== undefined && { client_id: message.client_id }),
    created_at: message.created_at,
    rev: message.rev + 1,
    body_rev: message.body_rev + 1,
    deleted_at: now,
  };
  const decided = changed(
    channel,
    next,
    message.truncated ? [putBody(channel.id, message.seq, undefined)] : [],
  );
  return channel.pins.includes(message.seq) ? unpinned(decided, channel, message.seq) : decided;
}

function unpinned(decided: Decided<Revised>, channel: ChannelState, seq: number): Decided<Revised> {
  return repinned(
    decided,
    channel,
    channel.pins.filter((pin) => pin !== seq),
  );
}

function repinned(
  decided: Decided<Revised>,
  channel: ChannelState,
  pins: readonly number[],
): Decided<Revised> {
  const next = { ...(decided.channel ?? channel), pins };
  return {
    ...decided,
    channel: next,
    puts: [...decided.puts, { table: "channels", key: [channel.id], row: channelToRow(next) }],
    tells: [
      ...decided.tells,
      { kind: "changed", channel: channel.id, users: [...channel.members.keys()] },
    ],
  };
}

export function decideReact(
  channel: ChannelState,
  command: CommandOf<"react">,
  found: Message | undefined,
): Decision<Revised> {
  const message = writableTarget(channel, command.user_id, found);
  if (isRefused(message)) return message;
  const { reactions = {}, ...rest } = message;
  const users =
    (Object.hasOwn(reactions, command.emoji) ? reactions[command.emoji] : undefined) ?? [];
  if (users.includes(command.user_id) === command.on) return answer({ rev: message.rev });
  if (
    command.on &&
    users.length === 0 &&
    Object.keys(reactions).length >= LIMITS.reactions_per_message_max
  ) {
    return refuse("invalid", "the message has as many different reactions as it may have");
  }
  const left = command.on
    ? [...users, command.user_id]
    : users.filter((user) => user !== command.user_id);
  const { [command.emoji]: _old, ...others } = reactions;
  const all = left.length > 0 ? { ...others, [command.emoji]: left } : others;
  const next: Message = {
    ...rest,
    ...(Object.keys(all).length > 0 && { reactions: all }),
    rev: message.rev + 1,
  };
  return changed(channel, next);
}

export function decidePin(
  channel: ChannelState,
  command: CommandOf<"pin">,
  found: Message | undefined,
): Decision<Revised> {
  const message = writableTarget(channel, command.user_id, found);
  if (isRefused(message)) return message;
  if (channel.pins.includes(message.seq) === command.on) return answer({ rev: message.rev });
  if (command.on && channel.pins.length >= LIMITS.pins_max)
    return refuse("invalid", "the channel has as many pins as it may have");
  const { pinned: _pinned, ...rest } = message;
  const next: Message = { ...rest, ...(command.on && { pinned: true }), rev: message.rev + 1 };
  const pins = command.on
    ? [...channel.pins, message.seq]
    : channel.pins.filter((pin) => pin !== message.seq);
  return repinned(changed(channel, next), channel, pins);
}
