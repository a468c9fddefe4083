/** Decides who is in a group and with what role. Membership is exact by position: rules D5, D6, D8, D19. */
import { LIMITS } from "@damso/protocol/limits";
import type { MessageId, Seq, UserId } from "@damso/protocol/ids";
import type { Message, SystemEvent } from "@damso/protocol/schema/message";
import type { Profile } from "../ports/directory.ts";
import { refuse } from "../result.ts";
import type { Refused } from "../result.ts";
import type { CommandOf, Nothing } from "../shard/commands.ts";
import { answer } from "../shard/decision.ts";
import type { Decided, Decision, Tell } from "../shard/decision.ts";
import type { Put } from "../tables.ts";
import { putMessage, systemMessage } from "./message.ts";
import { mayBegin } from "./send.ts";
import type { Decider } from "./send.ts";
import { channelToRow, DEFAULT_SETTINGS } from "./state.ts";
import type { ChannelState, Membership } from "./state.ts";

type Profiles = ReadonlyMap<UserId, Profile | undefined>;

/** A change of the channel that stands in its order as a system message. */
export type Announcement = {
  /** The channel after the change, its head still the old one. */
  next: ChannelState;
  system: SystemEvent;
  joined?: UserId[];
  left?: { users: UserId[]; reason: "left" | "removed" | "deleted" };
};

/**
 * Commits a change of members or settings with its system message. Joiners get `channel` before that message,
 * those who stay get the message and the changed `channel`, leavers get `channel_left` and nothing later.
 */
export function announce(
  channel: ChannelState,
  change: Announcement,
  world: Decider,
): Decided<Nothing> {
  const { id, ms } = world.ids.next(channel.last_ms);
  const seq = channel.head + 1;
  const at = { channel: channel.id, seq, message_id: id as MessageId, created_at: world.stamp(ms) };
  const message = systemMessage(at, change.system);
  const json = JSON.stringify(message);
  const members = withJoiners(change, seq);
  const next: ChannelState = { ...change.next, members, head: seq, last: message, last_ms: ms };
  const puts: Put[] = [
    putMessage(message, json),
    { table: "channels", key: [channel.id], row: channelToRow(next) },
  ];
  return {
    ok: true,
    reply: {},
    puts,
    tells: announcementTells(channel, next, change, message, json),
    channel: next,
  };
}

function withJoiners(change: Announcement, seq: Seq): ReadonlyMap<UserId, Membership> {
  if (!change.joined) return change.next.members;
  const members = new Map(change.next.members);
  const visible_from = change.next.settings.history === "all" ? 1 : seq;
  for (const user_id of change.joined) {
    const role = members.get(user_id)?.role ?? "member";
    members.set(user_id, { role, joined_at_seq: seq, visible_from });
  }
  return members;
}

function announcementTells(
  before: ChannelState,
  next: ChannelState,
  change: Announcement,
  message: Message,
  json: string,
): Tell[] {
  const channel = next.id;
  const tells: Tell[] = [];
  const joined = change.joined ?? [];
  if (joined.length > 0) {
    const visible_from = next.members.get(joined[0] as UserId)?.visible_from ?? message.seq;
    tells.push({ kind: "joined", channel, users: joined, seq: message.seq, visible_from });
  }
  if (change.left) tells.push({ kind: "left", channel, ...change.left });
  const users = [...next.members.keys()];
  if (users.length > 0) tells.push({ kind: "message", channel, users, message, json });
  const stayed = users.filter(
    (user_id) => before.members.has(user_id) && !joined.includes(user_id),
  );
  if (stayed.length > 0) tells.push({ kind: "changed", channel, users: stayed });
  return tells;
}

/** Why `by` may not bring `user_id` into a group, or undefined. Rule D8: those who blocked the inviter are not added. */
function inviteFault(by: UserId, user_id: UserId, profiles: Profiles): Refused | undefined {
  const profile = profiles.get(user_id);
  if (!profile || profile.deleted) return refuse("not_found", "no such user");
  if (user_id === by) return undefined;
  if (profile.blocks.has(by)) return refuse("blocked");
  return mayBegin(profile, by)
    ? undefined
    : refuse("forbidden", "the user's settings do not allow it");
}

export function decideCreate(
  existing: ChannelState | undefined,
  command: CommandOf<"create_group">,
  profiles: Profiles,
  world: Decider,
): Decision<Nothing> {
  if (existing) {
    const same =
      existing.created_by === command.user_id && existing.client_id === command.client_id;
    return same ? answer({}) : refuse("conflict", "the id is another group's");
  }
  const users = [...new Set([command.user_id, ...command.members])];
  if (users.length > LIMITS.group_members_max) return refuse("group_full");
  for (const user_id of users) {
    const fault = inviteFault(command.user_id, user_id, profiles);
    if (fault) return fault;
  }
  const { ms } = world.ids.next();
  const first: Membership = { role: "member", joined_at_seq: 1, visible_from: 1 };
  const blank: ChannelState = {
    id: command.channel,
    kind: "group",
    created_at: world.stamp(ms),
    created_by: command.user_id,
    client_id: command.client_id,
    ...(command.name !== undefined && { name: command.name }),
    ...(command.avatar !== undefined && { avatar: command.avatar }),
    settings: { ...DEFAULT_SETTINGS, ...command.settings },
    blocked_by: [],
    pins: [],
    members: new Map(),
    head: 0,
    last_ms: 0,
  };
  const members = new Map(users.map((user_id) => [user_id, first]));
  members.set(command.user_id, { ...first, role: "owner" });
  const system: SystemEvent = { event: "created", by: command.user_id, users };
  if (command.name !== undefined) system.name = command.name;
  return announce(blank, { next: { ...blank, members }, system, joined: users }, world);
}

/** Adds a member, or changes the role of one. */
export function decidePutMember(
  channel: ChannelState,
  command: CommandOf<"put_member">,
  profiles: Profiles,
  world: Decider,
): Decision<Nothing> {
  const fault = groupFault(channel, command.user_id);
  if (fault) return fault;
  const actor = channel.members.get(command.user_id) as Membership;
  const present = channel.members.get(command.member);
  if (present) return decideRole(channel, command, actor, present, world);
  if (channel.settings.invite === "admins" && actor.role === "member") return refuse("forbidden");
  if (command.role !== undefined && command.role !== "member" && actor.role !== "owner")
    return refuse("forbidden");
  if (command.role === "owner") return refuse("forbidden", "a joiner cannot be the owner");
  const unwelcome = inviteFault(command.user_id, command.member, profiles);
  if (unwelcome) return unwelcome;
  if (channel.members.size >= LIMITS.group_members_max) return refuse("group_full");
  const members = new Map(channel.members);
  members.set(command.member, {
    role: command.role ?? "member",
    joined_at_seq: 0,
    visible_from: 1,
  });
  const system: SystemEvent = { event: "joined", by: command.user_id, users: [command.member] };
  return announce(
    channel,
    { next: { ...channel, members }, system, joined: [command.member] },
    world,
  );
}

function decideRole(
  channel: ChannelState,
  command: CommandOf<"put_member">,
  actor: Membership,
  present: Membership,
  world: Decider,
): Decision<Nothing> {
  const role = command.role ?? present.role;
  if (role === present.role) return answer({});
  if (actor.role !== "owner") return refuse("forbidden", "only the owner changes roles");
  if (command.member === command.user_id)
    return refuse("forbidden", "give the ownership to someone else instead");
  const members = new Map(channel.members);
  members.set(command.member, { ...present, role });
  // There is one owner: who gives the ownership away stays as an admin.
  if (role === "owner") members.set(command.user_id, { ...actor, role: "admin" });
  const system: SystemEvent = { event: "role", by: command.user_id, users: [command.member], role };
  return announce(channel, { next: { ...channel, members }, system }, world);
}

const RANK = { member: 0, admin: 1, owner: 2 } as const;

/** Removes a member of lower rank, or oneself: a leave. */
export function decideRemove(
  channel: ChannelState,
  command: CommandOf<"remove_member">,
  world: Decider,
): Decision<Nothing> {
  const fault = groupFault(channel, command.user_id);
  if (fault) return fault;
  const target = channel.members.get(command.member);
  if (!target) return refuse("not_found", "not a member");
  const self = command.member === command.user_id;
  const actor = channel.members.get(command.user_id) as Membership;
  if (!self && RANK[actor.role] <= RANK[target.role]) return refuse("forbidden");
  const members = without(channel.members, command.member);
  const system: SystemEvent = {
    event: self ? "left" : "removed",
    by: command.user_id,
    users: [command.member],
  };
  const left = { users: [command.member], reason: self ? ("left" as const) : ("removed" as const) };
  return announce(channel, { next: { ...channel, members }, system, left }, world);
}

/** The members without one; when the owner goes, the oldest admin, else the oldest member, follows. */
function without(
  members: ReadonlyMap<UserId, Membership>,
  user_id: UserId,
): Map<UserId, Membership> {
  const rest = new Map(members);
  rest.delete(user_id);
  if (members.get(user_id)?.role !== "owner") return rest;
  const heirs = [...rest].sort(
    ([, a], [, b]) => RANK[b.role] - RANK[a.role] || a.joined_at_seq - b.joined_at_seq,
  );
  const heir = heirs[0];
  if (heir) rest.set(heir[0], { ...heir[1], role: "owner" });
  return rest;
}

/** An account is going: it leaves a group; a direct channel closes for writing and stays readable for the other. */
export function decideDepart(
  channel: ChannelState,
  command: CommandOf<"depart">,
  world: Decider,
): Decision<Nothing> {
  if (!channel.members.has(command.user_id)) return answer({});
  if (channel.kind === "group")
    return decideRemove(channel, { ...command, member: command.user_id }, world);
  if (channel.closed) return answer({});
  const next: ChannelState = { ...channel, closed: true };
  const users = [...channel.members.keys()].filter((user_id) => user_id !== command.user_id);
  return {
    ok: true,
    reply: {},
    puts: [{ table: "channels", key: [channel.id], row: channelToRow(next) }],
    tells: channel.head === 0 ? [] : [{ kind: "changed", channel: channel.id, users }],
    channel: next,
  };
}

export function groupFault(channel: ChannelState, user_id: UserId): Refused | undefined {
  if (!channel.members.has(user_id)) return refuse("not_member");
  if (channel.kind === "direct")
    return refuse("forbidden", "a direct channel has two members for ever");
  return undefined;
}
