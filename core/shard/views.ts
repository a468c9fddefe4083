/** What a channel's owner and a member's home show of their states. */
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { markOf } from "../channel/marks.ts";
import { peerOf } from "../channel/state.ts";
import type { ChannelState } from "../channel/state.ts";
import { unreadOf } from "../user/state.ts";
import type { Own, UserState } from "../user/state.ts";
import type { ChannelView, MemberPart, MemberView, OwnView } from "./commands.ts";
import type { HeldChannel } from "./memory.ts";

export function channelView(channel: ChannelState): ChannelView {
  const view: ChannelView = {
    id: channel.id,
    kind: channel.kind,
    created_at: channel.created_at,
    members: [...channel.members].map(([user_id, { role }]) => ({ user_id, role })),
    settings: channel.settings,
    pins: [...channel.pins],
    head: channel.head,
  };
  if (channel.name !== undefined) view.name = channel.name;
  if (channel.avatar !== undefined) view.avatar = channel.avatar;
  if (channel.last) view.last = channel.last;
  return view;
}

/** What the owner knows of one member beside the view; undefined for someone who is not one. */
export function memberPart(held: HeldChannel, user_id: UserId): MemberPart | undefined {
  const { state, marks } = held;
  const member = state.members.get(user_id);
  if (!member) return undefined;
  const out: MemberPart = {
    visible_from: member.visible_from,
    blocked: state.blocked_by.includes(user_id),
  };
  const peer = peerOf(state, user_id);
  if (peer !== undefined && peer !== user_id) {
    const { read, delivered } = markOf(marks, peer);
    out.peer_read = read;
    out.peer_delivered = delivered;
  }
  return out;
}

/** Pins that the member may not see are left out. */
export function joinView(view: ChannelView, part: MemberPart): MemberView {
  const pins = view.pins.filter((seq) => seq >= part.visible_from);
  return { view: { ...view, pins }, ...part };
}

/** Undefined for someone who is not a member. */
export function memberView(held: HeldChannel, user_id: UserId): MemberView | undefined {
  const part = memberPart(held, user_id);
  return part && joinView(channelView(held.state), part);
}

export function ownView(user: UserState, channel: ChannelId, own: Own): OwnView {
  const view: OwnView = {
    channel,
    pos: user.head,
    activity: own.activity,
    visible_from: own.visible_from,
    head: own.head,
    read: own.read,
    unread: unreadOf(own),
    unread_mentions: own.mentions.length,
    cleared_to: own.cleared_to,
    hidden: own.hidden,
  };
  if (own.muted_until !== undefined) view.muted_until = own.muted_until;
  if (own.pinned) view.pinned = true;
  if (own.draft !== undefined) view.draft = own.draft;
  if (own.unread_mark) view.unread_mark = true;
  if (own.push_level !== undefined) view.push_level = own.push_level;
  return view;
}
