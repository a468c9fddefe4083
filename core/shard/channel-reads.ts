/**
 * Reads of a channel: authorised by the membership as it stands, answered from committed rows only.
 * Rules D6, D7, S3; invariants I3, I9.
 */
import type { Seq, UserId } from "@damso/protocol/ids";
import type { OpenMember } from "@damso/protocol/frames/server";
import type { Message } from "@damso/protocol/schema/message";
import { markOf, moveMark } from "../channel/marks.ts";
import { unavailable } from "../channel/message.ts";
import { writeFault } from "../channel/send.ts";
import type { Membership } from "../channel/state.ts";
import { done, refuse } from "../result.ts";
import type { Refused, Result } from "../result.ts";
import { pageMessages, windowOf } from "../sync/history.ts";
import { hasSeq } from "../user/ranges.ts";
import type { Ranges } from "../user/ranges.ts";
import type { CommandOf, MemberView, Nothing, Page } from "./commands.ts";
import type { Shard } from "./context.ts";
import { loadChannel } from "./memory.ts";
import type { HeldChannel } from "./memory.ts";
import { tellReceipts } from "./receipts.ts";
import { memberView } from "./views.ts";
import { durable } from "./write.ts";
import type { ChannelId } from "@damso/protocol/ids";

/** `head` as it was decided then: once everything decided so far is durable, it may be told. */
type Access = { ok: true; held: HeldChannel; member: Membership; head: Seq };

async function access(
  shard: Shard,
  channel: ChannelId,
  user_id: UserId,
): Promise<Access | Refused> {
  if (!shard.memory.channels.get(channel)) await loadChannel(shard, channel);
  return present(shard, channel, user_id);
}

function present(shard: Shard, channel: ChannelId, user_id: UserId): Access | Refused {
  const held = shard.memory.channels.get(channel);
  if (!held) return refuse("not_found", "no such channel");
  const member = held.state.members.get(user_id);
  return member ? { ok: true, held, member, head: held.state.head } : refuse("not_member");
}

const READ_TRIES_MAX = 5;

/**
 * Answers from committed state: `read` runs when everything decided so far is durable, and counts only if the user is
 * still the same member when it has ended. Someone who was removed meanwhile could otherwise be shown what was
 * written after that, in the same commit. Refusals rest on what was decided too, and wait for it.
 */
async function asMember<T>(
  shard: Shard,
  channel: ChannelId,
  user_id: UserId,
  read: (at: Access) => Result<T> | Promise<Result<T>>,
): Promise<Result<T>> {
  for (let tries = 0; tries < READ_TRIES_MAX; tries++) {
    const before = await access(shard, channel, user_id);
    if (!(await durable(shard))) return refuse("unavailable");
    if (!before.ok) return before;
    const answer = await read(before);
    const after = await access(shard, channel, user_id);
    if (after.ok && after.member.visible_from === before.member.visible_from) return answer;
  }
  return refuse("busy");
}

export function view(shard: Shard, command: CommandOf<"view">): Promise<Result<MemberView>> {
  const { channel, user_id } = command;
  return asMember(shard, channel, user_id, async () => {
    const now = await access(shard, channel, user_id);
    const value = now.ok ? memberView(now.held, user_id) : undefined;
    if (!value) return refuse("not_member");
    return (await durable(shard)) ? done(value) : refuse("unavailable");
  });
}

export function history(shard: Shard, command: CommandOf<"history">): Promise<Result<Page>> {
  return asMember(shard, command.channel, command.user_id, async ({ member, head }) => {
    const floor = Math.max(member.visible_from, command.own.cleared_to + 1);
    const window = windowOf(command, floor, head);
    const rows = await shard.store.range("messages", {
      prefix: [command.channel],
      from: window.from,
      to: window.to,
      limit: window.limit,
      reverse: window.reverse,
    });
    const messages = rows.map(({ row }) => conceal(row, command.own.hidden));
    return done(pageMessages(messages, window, floor, head, command.around));
  });
}

/** A message deleted for this user keeps its place, so that pages stay dense. */
function conceal(message: Message, hidden: Ranges): Message {
  return hasSeq(hidden, message.seq) ? unavailable(message) : message;
}

export function message(shard: Shard, command: CommandOf<"message">): Promise<Result<Message>> {
  const { channel, user_id, seq, own } = command;
  return asMember(shard, channel, user_id, ({ member }) => {
    const hidden = seq < member.visible_from || seq <= own.cleared_to || hasSeq(own.hidden, seq);
    return hidden ? refuse("not_found") : fullMessage(shard, channel, seq);
  });
}

/** Row and body are two reads: an edit between them is seen by its `body_rev`, and the pair is read again. */
async function fullMessage(shard: Shard, channel: ChannelId, seq: Seq): Promise<Result<Message>> {
  for (let tries = 0; tries < 5; tries++) {
    const row = await shard.store.get("messages", [channel, seq]);
    if (!row) return refuse("not_found");
    if (!row.truncated) return done(row);
    const full = await shard.store.get("bodies", [channel, seq]);
    const again = await shard.store.get("messages", [channel, seq]);
    if (!full || again?.body_rev !== row.body_rev) continue;
    const { truncated: _truncated, ...rest } = again;
    return done({ ...rest, body: full.body });
  }
  return refuse("busy");
}

/** For sync pages: committed rows only; the caller knows what its user may see. */
export async function messages(
  shard: Shard,
  command: CommandOf<"messages">,
): Promise<Result<Message[]>> {
  const keys = command.seqs.map((seq): readonly [ChannelId, Seq] => [command.channel, seq]);
  const rows = await shard.store.many("messages", keys);
  return done(rows.filter((row) => row !== undefined));
}

export function opened(
  shard: Shard,
  command: CommandOf<"opened">,
): Promise<Result<{ members: OpenMember[] }>> {
  const { channel, user_id: viewer } = command;
  return asMember(shard, channel, viewer, async ({ held }) => {
    const { state, marks } = held;
    const members = [...state.members.keys()].map(async (user_id): Promise<OpenMember> => {
      const presence = await shard.bus.request({ kind: "presence", user_id, viewer });
      const online = presence.ok && presence.value.state === "online";
      return { user_id, ...markOf(marks, user_id), presence: online ? "online" : "offline" };
    });
    const value = { members: await Promise.all(members) };
    return (await durable(shard)) ? done(value) : refuse("unavailable");
  });
}

/** Refused to those who may not write. Told without waiting for anything: what is typed is not there yet. */
export async function typing(shard: Shard, command: CommandOf<"typing">): Promise<Result<Nothing>> {
  const { channel, user_id } = command;
  const found = await access(shard, channel, user_id);
  if (!found.ok) return found;
  const fault = writeFault(found.held.state, user_id);
  if (fault) return fault;
  shard.bus.publish(`channel.${channel}`, {
    from: user_id,
    frame: JSON.stringify({ type: "typing", channel, user_id }),
  });
  return done({});
}

export async function mark(shard: Shard, command: CommandOf<"mark">): Promise<Result<Nothing>> {
  const found = await access(shard, command.channel, command.user_id);
  if (!found.ok) return found;
  const { state, marks } = found.held;
  if (state.blocked_by.length > 0) return done({});
  const to: { read?: Seq; delivered?: Seq } = {};
  if (command.read !== undefined) to.read = command.read;
  if (command.delivered !== undefined) to.delivered = command.delivered;
  const now = shard.clock.now();
  if (moveMark(marks, command.user_id, to, state.head, now)) {
    shard.memory.moved.set(command.channel, marks);
    tellReceipts(shard, command.channel, marks, now);
  }
  return done({});
}
