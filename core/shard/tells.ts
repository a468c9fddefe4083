/**
 * What a channel told its members becomes feed entries of their homes, in the same commit: rows to write now,
 * events to send when they are durable. Rules D4, D13, D14; invariant I10.
 */
import type { Put } from "../tables.ts";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { unavailable } from "../channel/message.ts";
import { noteUndelivered } from "../presence/delivered.ts";
import { isPushable, PUSH_DELAY_MS } from "../push/rules.ts";
import { summary } from "../sync/summary.ts";
import { cover, mustCover } from "../user/cover.ts";
import { append, appendMessage } from "../user/feed.ts";
import type { NewEntry } from "../user/feed.ts";
import { hasSeq } from "../user/ranges.ts";
import type { Own, UserState } from "../user/state.ts";
import type { MemberView } from "./commands.ts";
import { notePush } from "./checkpoint.ts";
import type { Shard } from "./context.ts";
import type { Tell } from "./decision.ts";
import { amend, withdraw } from "./shown.ts";
import { memberView, ownView } from "./views.ts";

export function applyTells(shard: Shard, tells: readonly Tell[], puts: Put[]): void {
  for (const tell of tells) {
    switch (tell.kind) {
      case "message":
        tellMessage(shard, tell, puts);
        break;
      case "updated":
        tellUpdated(shard, tell, puts);
        break;
      case "joined":
      case "changed":
        tellChannel(shard, tell, viewsOf(shard, tell.channel), puts);
        break;
      case "left":
        tellLeft(shard, tell, puts);
        break;
    }
  }
}

/** A home that the caller loaded; that it is there is what the load step is for. */
function homeOf(shard: Shard, user_id: UserId): UserState {
  const user = shard.memory.users.get(user_id);
  if (!user) throw new Error(`the home of ${user_id} is not loaded`);
  user.batch = shard.committer.next();
  return user;
}

function coverIfDue(shard: Shard, user: UserState, puts: Put[]): void {
  const { feed_kept } = shard;
  if (!mustCover(user, feed_kept)) return;
  for (const put of cover(user, shard.clock.now(), feed_kept)) puts.push(put);
}

export function tellMessage(
  shard: Shard,
  tell: Extract<Tell, { kind: "message" }>,
  puts: Put[],
): void {
  const { channel, message } = tell;
  const event = shard.outgoing.event(
    "message",
    channel,
    `,"channel":"${channel}","message":${tell.json}`,
  );
  const mentions = message.mentions;
  const everyone = mentions?.includes("all") === true;
  for (const user_id of tell.users) {
    const user = homeOf(shard, user_id);
    const own = user.channels.get(channel);
    if (!own) throw new Error(`${user_id} is told of ${channel} without being in it`);
    const skip = message.kind === "system" || message.sender_id === user_id;
    const mention = !skip && mentions !== undefined && (everyone || mentions.includes(user_id));
    const { pos, put, row } = appendMessage(user, own, channel, message.seq, skip, mention);
    puts.push(put);
    const home = shard.memory.homes.get(user_id);
    if (home) {
      if (!skip) noteUndelivered(home, channel, message.seq, pos);
      if (home.gateways.length > 0) event.to(home, { user_id, pos, tail: countsTail(row) });
    }
    if (!skip && user.profile.has_push) putPush(shard, user, own, message, mention, pos, puts);
    coverIfDue(shard, user, puts);
  }
}

function countsTail(row: object): string {
  const { unread, unread_mentions } = row as { unread: number; unread_mentions: number };
  return `,"unread":${unread},"unread_mentions":${unread_mentions}}`;
}

function putPush(
  shard: Shard,
  user: UserState,
  own: Own,
  message: Extract<Tell, { kind: "message" }>["message"],
  mention: boolean,
  pos: number,
  puts: Put[],
): void {
  const now = shard.clock.now();
  if (!isPushable(user.profile, own, message, mention, now)) return;
  const due_at = now + PUSH_DELAY_MS;
  const row = {
    channel: message.channel,
    seq: message.seq,
    ...(mention && { mention: true as const }),
  };
  puts.push({ table: "pushes", key: [shard.shard, due_at, user.id, pos], row });
  notePush(shard, due_at, puts);
}

/** Appends an entry that is not a message, and sends the event its tail completes. */
export function tellEntry(
  shard: Shard,
  user: UserState,
  entry: NewEntry,
  type: string,
  tailOf: (row: object, user: UserState) => string,
  puts: Put[],
): void {
  user.batch = shard.committer.next();
  const { pos, put, row } = append(user, entry);
  puts.push(put);
  withdraw(shard, user, entry, pos, puts);
  coverIfDue(shard, user, puts);
  const home = shard.memory.homes.get(user.id);
  if (!home || home.gateways.length === 0) return;
  const channel = "channel" in entry ? entry.channel : undefined;
  shard.outgoing
    .event(type, channel, "")
    .to(home, { user_id: user.id, pos, tail: tailOf(row, user) });
}

export function tellUpdated(
  shard: Shard,
  tell: Extract<Tell, { kind: "updated" }>,
  puts: Put[],
): void {
  const { channel, message } = tell;
  const deleted = message.deleted_at !== undefined;
  const concealed = JSON.stringify(unavailable(message));
  for (const user_id of tell.users) {
    const user = homeOf(shard, user_id);
    const own = user.channels.get(channel);
    if (!own) throw new Error(`${user_id} is told of ${channel} without being in it`);
    const named =
      message.mentions?.includes("all") === true || message.mentions?.includes(user_id) === true;
    const mention = !deleted && message.sender_id !== user_id && named;
    const entry: NewEntry = { kind: "message_updated", channel, seq: message.seq };
    if (deleted && message.sender_id !== user_id) entry.skip = true;
    if (mention) entry.mention = true;
    // Who deleted the message for himself, or cleared the history, hears that it changed and not what it says.
    const hidden = hasSeq(own.hidden, message.seq) || message.seq <= own.cleared_to;
    const json = hidden ? concealed : tell.json;
    tellEntry(
      shard,
      user,
      entry,
      "message_updated",
      (row) => `,"channel":"${channel}","message":${json}${countsTail(row)}`,
      puts,
    );
    if (!deleted && !hidden) amend(shard, user, message, mention, user.head, puts);
  }
}

/** What the channel's owner shows to a member at the moment of the tell. */
export type ViewOf = (user_id: UserId) => MemberView | undefined;

function viewsOf(shard: Shard, channel: ChannelId): ViewOf {
  const held = shard.memory.channels.get(channel);
  if (!held) throw new Error(`${channel} is not loaded`);
  return (user_id) => memberView(held, user_id);
}

export function tellChannel(
  shard: Shard,
  tell: Extract<Tell, { kind: "joined" | "changed" }>,
  viewOf: ViewOf,
  puts: Put[],
): void {
  const { channel } = tell;
  for (const user_id of tell.users) {
    const user = homeOf(shard, user_id);
    const entry: NewEntry = { kind: "channel", channel };
    if (tell.kind === "joined") entry.joined = { seq: tell.seq, visible_from: tell.visible_from };
    else if (!user.channels.get(channel)) continue;
    const tailOf = (): string => channelTail(user, channel, viewOf(user_id));
    tellEntry(shard, user, entry, "channel", tailOf, puts);
  }
}

function channelTail(user: UserState, channel: ChannelId, member: MemberView | undefined): string {
  const own = user.channels.get(channel);
  if (!own || !member) throw new Error(`${user.id} is told of ${channel} without being in it`);
  return `,"channel":${JSON.stringify(summary(ownView(user, channel, own), member))}}`;
}

export function tellLeft(shard: Shard, tell: Extract<Tell, { kind: "left" }>, puts: Put[]): void {
  const { channel, reason } = tell;
  for (const user_id of tell.users) {
    const user = homeOf(shard, user_id);
    const tail = `,"channel":"${channel}","reason":"${reason}"}`;
    tellEntry(
      shard,
      user,
      { kind: "channel_left", channel, reason },
      "channel_left",
      () => tail,
      puts,
    );
    for (const gateway of shard.memory.homes.get(user_id)?.gateways ?? []) {
      shard.outgoing.item(gateway, { kind: "left", user_id, channel });
    }
  }
}
