/** Channels as their members and counts, asked of their owners. Rule A3: what is said in them goes no further. */
import type { Bus } from "@damso/core/ports/bus";
import type { Reads } from "@damso/core/ports/store";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { AdminChannel } from "@damso/protocol/http/admin";
import type { RouteAnswer, RouteInput } from "@damso/protocol/http/routes";
import { directMembers } from "@damso/protocol/ids";
import type { ChannelId, UserId } from "@damso/protocol/ids";

export type ChannelDeps = {
  bus: Pick<Bus, "request">;
  /** Committed rows; in a cluster those of the table, which is a little behind. */
  rows: Pick<Reads, "get">;
};

const LIMIT = 20;

export async function channelsOf(
  deps: ChannelDeps,
  user_id: UserId,
  { cursor, limit = LIMIT }: RouteInput<"listUserChannels">["query"],
): Promise<Result<RouteAnswer<"listUserChannels">>> {
  const page = await deps.bus.request({
    kind: "own_channels",
    user_id,
    limit,
    ...(cursor !== undefined && { cursor }),
  });
  if (!page.ok) return page;
  const views = await Promise.all(
    page.value.channels.map(({ channel }) => viewAs(deps, channel, user_id)),
  );
  // One that was left meanwhile is not the user's any more.
  const channels = views.flatMap((view) => (view.ok ? [view.value] : []));
  const next = page.value.cursor;
  return done({ channels, ...(next !== undefined && { cursor: next }) });
}

/** A channel that has a member to ask for: an owner tells about it to nobody else. */
export async function channelAsAdmin(
  deps: ChannelDeps,
  channel: ChannelId,
  signal: AbortSignal,
): Promise<Result<AdminChannel>> {
  const member =
    directMembers(channel)?.[0] ??
    (await deps.rows.get("channels", [channel], signal))?.members[0]?.user_id;
  return member === undefined ? refuse("not_found") : await viewAs(deps, channel, member);
}

async function viewAs(
  { bus }: ChannelDeps,
  channel: ChannelId,
  user_id: UserId,
): Promise<Result<AdminChannel>> {
  const answer = await bus.request({ kind: "view", channel, user_id });
  if (!answer.ok) return answer;
  const { id, kind, name, created_at, last, members, settings, head, pins } = answer.value.view;
  return done({
    channel_id: id,
    kind,
    ...(name !== undefined && { name }),
    created_at,
    ...(last && { last_message_at: last.created_at }),
    members,
    settings,
    messages: head,
    pins: pins.length,
  });
}
