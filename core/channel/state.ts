/** A channel as its owner holds it: immutable, so that a decision makes the next one and a refusal changes nothing. */
import { directMembers, isUserId } from "@damso/protocol/ids";
import type { ChannelId, ClientId, Seq, UserId } from "@damso/protocol/ids";
import type { ChannelSettings, Role } from "@damso/protocol/schema/channel";
import type { Message } from "@damso/protocol/schema/message";
import { snowflakeTime } from "../ids/snowflake.ts";
import type { ChannelRow, MembershipRow } from "../tables.ts";

export type Membership = { role: Role; joined_at_seq: Seq; visible_from: Seq };

export type ChannelState = {
  id: ChannelId;
  kind: "direct" | "group";
  created_at: string;
  created_by: UserId;
  client_id?: ClientId;
  name?: string;
  avatar?: string;
  settings: ChannelSettings;
  blocked_by: readonly UserId[];
  /** An account of a direct channel was deleted: it can be read, not written. */
  closed?: boolean;
  /** Client ids up to this time (ms) are always looked up: rule D3. */
  ahead?: number;
  pins: readonly Seq[];
  members: ReadonlyMap<UserId, Membership>;
  head: Seq;
  /** The newest message as it stands, edits included. */
  last?: Message;
  /** Milliseconds of the newest message id. */
  last_ms: number;
};

export const DEFAULT_SETTINGS: ChannelSettings = { history: "from_join", invite: "members" };

export function channelFromRow(
  id: ChannelId,
  row: ChannelRow,
  last: Message | undefined,
): ChannelState {
  const { members, ...rest } = row;
  return {
    id,
    ...rest,
    members: new Map(members.map(({ user_id, ...membership }) => [user_id, membership])),
    head: last?.seq ?? 0,
    ...(last && { last }),
    last_ms: last ? snowflakeTime(last.message_id) : 0,
  };
}

export function channelToRow(channel: ChannelState): ChannelRow {
  const members: MembershipRow[] = [];
  for (const [user_id, membership] of channel.members) members.push({ user_id, ...membership });
  const row: ChannelRow = {
    kind: channel.kind,
    created_at: channel.created_at,
    created_by: channel.created_by,
    settings: channel.settings,
    blocked_by: [...channel.blocked_by],
    pins: [...channel.pins],
    members,
  };
  if (channel.client_id !== undefined) row.client_id = channel.client_id;
  if (channel.name !== undefined) row.name = channel.name;
  if (channel.avatar !== undefined) row.avatar = channel.avatar;
  if (channel.closed) row.closed = true;
  if (channel.ahead !== undefined) row.ahead = channel.ahead;
  return row;
}

/** A direct channel before anything happened in it: both users are members from the start, no row exists yet. */
export function newDirect(id: ChannelId, created_by: UserId, created_at: string): ChannelState {
  const pair = directMembers(id);
  if (!pair || !isUserId(created_by)) throw new Error(`not a direct channel: ${id}`);
  const membership: Membership = { role: "member", joined_at_seq: 1, visible_from: 1 };
  return {
    id,
    kind: "direct",
    created_at,
    created_by,
    settings: DEFAULT_SETTINGS,
    blocked_by: [],
    pins: [],
    members: new Map(pair.map((user_id) => [user_id, membership])),
    head: 0,
    last_ms: 0,
  };
}

/** The members that may see a seq: rule D6. */
export function viewersOf(channel: ChannelState, seq: Seq): UserId[] {
  const out: UserId[] = [];
  for (const [user_id, member] of channel.members)
    if (member.visible_from <= seq) out.push(user_id);
  return out;
}

/** The other side of a direct channel; oneself for notes to self; undefined in a group. */
export function peerOf(channel: ChannelState, user_id: UserId): UserId | undefined {
  if (channel.kind !== "direct") return undefined;
  for (const other of channel.members.keys()) if (other !== user_id) return other;
  return user_id;
}
