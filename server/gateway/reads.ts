/**
 * Reads that need more than one owner: the member's home says what is cleared and hidden for him, the channel's owner
 * says what there is. The socket and its HTTP twin share them.
 */
import type { Bus } from "@damso/core/ports/bus";
import { done } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { MemberView, OwnView, Page } from "@damso/core/shard/commands";
import { summary } from "@damso/core/sync/summary";
import type { ChannelId, Seq, UserId } from "@damso/protocol/ids";
import type { Channel } from "@damso/protocol/schema/channel";
import type { Message } from "@damso/protocol/schema/message";

export type HistoryQuery = {
  user_id: UserId;
  channel: ChannelId;
  before?: Seq;
  after?: Seq;
  around?: Seq;
  limit?: number;
};

/** A page of messages that this member may see. Rules P16, I9. */
export async function readHistory(bus: Bus, query: HistoryQuery): Promise<Result<Page>> {
  const { user_id, channel } = query;
  const own = await bus.request<"own_channel">({ kind: "own_channel", user_id, channel });
  if (!own.ok) return own;
  const { cleared_to, hidden } = own.value;
  return bus.request<"history">({ kind: "history", ...query, own: { cleared_to, hidden } });
}

/** One message with its full body. */
export async function readMessage(
  bus: Bus,
  query: { user_id: UserId; channel: ChannelId; seq: Seq },
): Promise<Result<Message>> {
  const { user_id, channel } = query;
  const own = await bus.request<"own_channel">({ kind: "own_channel", user_id, channel });
  if (!own.ok) return own;
  const { cleared_to, hidden } = own.value;
  return bus.request<"message">({ kind: "message", ...query, own: { cleared_to, hidden } });
}

/** One channel as this member sees it. Rule P9. */
export async function readChannel(
  bus: Bus,
  user_id: UserId,
  channel: ChannelId,
): Promise<Result<Channel>> {
  const own = await bus.request<"own_channel">({ kind: "own_channel", user_id, channel });
  if (!own.ok) return own;
  const member = await bus.request<"view">({ kind: "view", user_id, channel });
  return member.ok ? done(summary(own.value, member.value)) : member;
}

export type ChannelPage = { channels: Channel[]; cursor?: string };

/**
 * A page of the user's channels, newest first. A channel that the user has left meanwhile is not in it; when an owner
 * cannot answer, nobody gets a list with a hole, because a client drops the channels that a list does not name.
 */
export async function readChannels(
  bus: Bus,
  query: { user_id: UserId; cursor?: string; limit?: number },
): Promise<Result<ChannelPage>> {
  const { user_id } = query;
  const own = await bus.request<"own_channels">({ kind: "own_channels", ...query });
  if (!own.ok) return own;
  const views = await Promise.all(
    own.value.channels.map(({ channel }) =>
      bus.request<"view">({ kind: "view", user_id, channel }),
    ),
  );
  const page: ChannelPage = { channels: [] };
  for (const [i, member] of views.entries()) {
    if (member.ok) page.channels.push(join(own.value.channels[i], member.value));
    else if (!isGone(member.refusal.code)) return member;
  }
  if (own.value.cursor !== undefined) page.cursor = own.value.cursor;
  return done(page);
}

const isGone = (code: string): boolean => code === "not_member" || code === "not_found";

function join(own: OwnView | undefined, member: MemberView): Channel {
  if (!own) throw new Error("a view that nobody asked for");
  return summary(own, member);
}
