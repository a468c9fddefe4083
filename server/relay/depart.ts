/** A deleted account leaves its groups and closes its direct channels, each by its owner, in its order. Rule X12. */
import type { Bus } from "@damso/core/ports/bus";
import type { Signal } from "@damso/core/ports/signal";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { Nothing } from "@damso/core/shard/commands";
import { CODES } from "@damso/protocol/codes";
import { LIMITS } from "@damso/protocol/limits";
import type { ChannelId, UserId } from "@damso/protocol/ids";

type Requests = Pick<Bus, "request">;

/** Passes over the channel list before the rest is left for later: each new channel of a pass calls for another. */
const PASSES_MAX = 8;

/** Repeating it is harmless. The answer is the first refusal that a repeat may overcome. */
export async function departAll(
  bus: Requests,
  user_id: UserId,
  signal?: Signal,
): Promise<Result<Nothing>> {
  const departed = new Set<ChannelId>();
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    const listed = await ownChannelIds(bus, user_id, signal);
    if (!listed.ok) return CODES[listed.refusal.code].retry ? listed : done({});
    const next = listed.value.filter((channel) => !departed.has(channel));
    if (next.length === 0) return done({});
    for (const channel of next) {
      const result = await bus.request<"depart">({ kind: "depart", user_id, channel }, signal);
      if (!result.ok && CODES[result.refusal.code].retry) return result;
      departed.add(channel);
    }
  }
  return refuse("busy", "the account is still being added to channels");
}

/** A message that arrives meanwhile moves its channel to the front, past the pages read: hence the passes above. */
async function ownChannelIds(
  bus: Requests,
  user_id: UserId,
  signal?: Signal,
): Promise<Result<ChannelId[]>> {
  const ids: ChannelId[] = [];
  let cursor: string | undefined;
  do {
    const page = await bus.request<"own_channels">(
      {
        kind: "own_channels",
        user_id,
        limit: LIMITS.channels_page_max,
        ...(cursor !== undefined && { cursor }),
      },
      signal,
    );
    if (!page.ok) return page;
    ids.push(...page.value.channels.map(({ channel }) => channel));
    cursor = page.value.cursor;
  } while (cursor !== undefined);
  return done(ids);
}
