/**
 * The number on the app's icon: what devices were told last, so that they are told again when it falls and nothing else
 * says so. Memory only, as in `shown.ts`: after a crash the next push of any kind has it right. Rule N17.
 */
import { putNewest } from "@damso/protocol/bounded";
import type { ChannelId, Pos, UserId } from "@damso/protocol/ids";
import type { PushRequest } from "../push/rules.ts";
import type { Put } from "../tables.ts";
import type { NewEntry } from "../user/feed.ts";
import type { UserState } from "../user/state.ts";
import type { Shard } from "./context.ts";
import { putRow, WITHDRAW_DELAY_MS } from "./push-rows.ts";

/** Users whose number is known; those told longest ago are forgotten first. */
const USERS_MAX = 100_000;

type Badge = {
  told: number;
  /** Of the newest row that tells it. */
  due_at: number;
};
export type Badges = Map<UserId, Badge>;

/** A push that says so is on its way. */
export function noteBadge({ push, badges }: Shard, user_id: UserId, told: number): void {
  if (!push.withdraws) return;
  const due_at = badges.get(user_id)?.due_at ?? 0;
  putNewest(badges, user_id, { told, due_at }, USERS_MAX);
}

/** Whether devices show more than this, as far as is known: what a former life of the server told is not. */
export function isLower({ badges }: Shard, user_id: UserId, badge: number): boolean {
  const known = badges.get(user_id);
  return !known || badge < known.told;
}

type ChannelEntry = Exclude<NewEntry, { kind: "account" }>;

/** An entry may make the total fall: then a row says so, in the commit of the entry. By how much is seen when it is due. */
export function lower(
  shard: Shard,
  user: UserState,
  entry: ChannelEntry,
  pos: Pos,
  puts: Put[],
): void {
  const known = shard.badges.get(user.id);
  if (!known || known.told === 0 || !user.profile.has_push || !mayLower(entry)) return;
  putBadge(shard, known, { user_id: user.id, channel: entry.channel, pos }, puts);
}

function mayLower(entry: ChannelEntry): boolean {
  switch (entry.kind) {
    case "read":
    case "channel_left":
      return true;
    case "message_hidden":
    case "message_updated":
      return entry.skip === true;
    case "channel_settings":
      return (entry.set.muted_until ?? entry.set.cleared_to) !== undefined;
    case "message":
    case "channel":
      return false;
  }
}

/** A service took it over late: by now devices may show the number of then, though they were told a lower one since. */
export function badgeArrived(
  shard: Shard,
  { user_id, channel, badge }: PushRequest,
  pos: Pos,
  puts: Put[],
): void {
  const known = shard.badges.get(user_id);
  if (!known || badge <= known.told) return;
  known.told = badge;
  putBadge(shard, known, { user_id, channel, pos }, puts);
}

type At = { user_id: UserId; channel: ChannelId; pos: Pos };

/** Not while a row waits that is judged later than now, whatever the clock does. */
function putBadge(shard: Shard, known: Badge, { user_id, channel, pos }: At, puts: Put[]): void {
  const wait_ms = known.due_at - shard.clock.now();
  if (wait_ms > 0 && wait_ms <= WITHDRAW_DELAY_MS) return;
  known.due_at = shard.clock.now() + WITHDRAW_DELAY_MS;
  // No message has this number: a server of an earlier version, which looks for one, finds nothing to send.
  putRow(shard, user_id, { channel, seq: 0, change: "badge" }, pos, puts);
}
