/** Joins what the channel's owner and the member's home know into the channel object of the protocol. Rules P9, D14. */
import type { Channel } from "@damso/protocol/schema/channel";
import type { Message } from "@damso/protocol/schema/message";
import { unavailable } from "../channel/message.ts";
import type { MemberView, OwnView } from "../shard/commands.ts";
import { hasSeq } from "../user/ranges.ts";

export function summary(own: OwnView, member: MemberView): Channel {
  const { view } = member;
  const channel: Channel = {
    id: view.id,
    kind: view.kind,
    created_at: view.created_at,
    members: view.members,
    settings: view.settings,
    pins: view.pins,
    visible_from: member.visible_from,
    head: view.head,
    read: own.read,
    unread: own.unread,
    unread_mentions: own.unread_mentions,
    pos: own.pos,
  };
  if (view.name !== undefined) channel.name = view.name;
  if (view.avatar !== undefined) channel.avatar = view.avatar;
  const last = visibleLast(own, member);
  if (last) channel.last = last;
  if (member.peer_read !== undefined) channel.peer_read = member.peer_read;
  if (member.peer_delivered !== undefined) channel.peer_delivered = member.peer_delivered;
  if (member.blocked) channel.blocked = true;
  if (own.muted_until !== undefined) channel.muted_until = own.muted_until;
  if (own.pinned) channel.pinned = true;
  if (own.draft !== undefined) channel.draft = own.draft;
  if (own.cleared_to > 0) channel.cleared_to = own.cleared_to;
  if (own.unread_mark) channel.unread_mark = true;
  if (own.push_level !== undefined) channel.push_level = own.push_level;
  return channel;
}

function visibleLast(own: OwnView, member: MemberView): Message | undefined {
  const { last } = member.view;
  if (!last || last.seq < member.visible_from || last.seq <= own.cleared_to) return undefined;
  return hasSeq(own.hidden, last.seq) ? unavailable(last) : last;
}
