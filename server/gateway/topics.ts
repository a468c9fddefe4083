/**
 * Channels that sockets have open: who types, who has read, who is there. One subscription a channel and gateway.
 * Rules: R8 (open and close), I18 (nothing to non-members).
 */
import type { TopicFrame } from "@damso/core/ports/bus";
import type { Result } from "@damso/core/result";
import { refusal } from "@damso/protocol/codes";
import type { OpenMember } from "@damso/protocol/frames/server";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { askOpened, request } from "./ask.ts";
import { OPEN_CHANNELS_MAX } from "./bounds.ts";
import { ephemeral, reply } from "./outgoing.ts";
import { frameOf, refuseFrame } from "./replies.ts";
import type { AttachedUser, Connection, Hub, OpenChannel, Ready, Topic } from "./types.ts";
import { hold, release } from "./watches.ts";

/**
 * Joins the topic before it asks, so that nothing falls between answer and subscription; but nothing is passed on until
 * the owner has named the user a member, and a `left` that overtakes the answer takes the entry away for good.
 */
export function openChannel(
  hub: Hub,
  connection: Ready,
  id: number | undefined,
  channel: ChannelId,
): void {
  const entry = join(hub, connection, channel);
  const { user_id } = connection.attachee;
  const asked = askOpened(hub, connection, id, { kind: "opened", user_id, channel }, (result) =>
    answered(hub, connection, id, channel, entry, result),
  );
  if (!asked && !entry.named) closeChannel(hub, connection, channel);
}

function answered(
  hub: Hub,
  connection: Ready,
  id: number | undefined,
  channel: ChannelId,
  entry: OpenChannel,
  result: Result<{ members: OpenMember[] }>,
): void {
  const current = connection.open?.get(channel) === entry;
  if (!result.ok || entry.gone) {
    if (current) closeChannel(hub, connection, channel);
    refuseFrame(hub, connection, id, result.ok ? refusal("not_member") : result.refusal);
    return;
  }
  const { members } = result.value;
  reply(hub, connection, frameOf("opened", id, { channel, members }));
  if (current) showMembers(hub, connection, entry, members);
}

function showMembers(hub: Hub, connection: Ready, entry: OpenChannel, members: OpenMember[]): void {
  const before = entry.members;
  entry.named = true;
  entry.members = [];
  for (const { user_id, presence } of members) {
    if (user_id === connection.attachee.user_id) continue;
    entry.members.push(user_id);
    hold(hub, connection, user_id, presence);
  }
  for (const user_id of before) release(hub, connection, user_id);
}

/** The channel changed: who joined it since is watched too where it is open, and who left no more. Rule R8. */
export function channelChanged(hub: Hub, user: AttachedUser, channel: ChannelId): void {
  for (const connection of user.sockets) {
    const entry = connection.open?.get(channel);
    if (!entry?.named) continue;
    const { user_id } = (connection as Ready).attachee;
    void request<"view">(hub, { kind: "view", user_id, channel }).then((result) => {
      if (!result.ok || connection.open?.get(channel) !== entry) return;
      const members = result.value.view.members.map((member) => member.user_id);
      watchMembers(hub, connection as Ready, entry, members);
    });
  }
}

function watchMembers(hub: Hub, connection: Ready, entry: OpenChannel, members: UserId[]): void {
  const before = new Set(entry.members);
  entry.members = members.filter((user_id) => user_id !== connection.attachee.user_id);
  for (const user_id of entry.members) {
    if (!before.delete(user_id)) hold(hub, connection, user_id, undefined);
  }
  for (const user_id of before) release(hub, connection, user_id);
}

function join(hub: Hub, connection: Connection, channel: ChannelId): OpenChannel {
  const open = (connection.open ??= new Map<ChannelId, OpenChannel>());
  const present = open.get(channel);
  if (present) return present;
  if (open.size >= OPEN_CHANNELS_MAX) {
    const [oldest] = open.keys();
    hub.counters.bounds.open_channels++;
    if (oldest !== undefined) closeChannel(hub, connection, oldest);
  }
  const entry: OpenChannel = { named: false, gone: false, members: [] };
  open.set(channel, entry);
  topicOf(hub, channel).sockets.add(connection);
  return entry;
}

function topicOf(hub: Hub, channel: ChannelId): Topic {
  const present = hub.topics.get(channel);
  if (present) return present;
  const sockets = new Set<Connection>();
  const unsubscribe = hub.bus.subscribe(`channel.${channel}`, (frame) =>
    pass(hub, channel, sockets, frame),
  );
  const topic: Topic = { sockets, unsubscribe };
  hub.topics.set(channel, topic);
  hub.counters.topics++;
  return topic;
}

function pass(hub: Hub, channel: ChannelId, sockets: Set<Connection>, topic: TopicFrame): void {
  for (const connection of sockets) {
    if (topic.from !== undefined && connection.attachee?.user_id === topic.from) continue;
    if (connection.open?.get(channel)?.named) ephemeral(hub, connection, topic.frame);
  }
}

/** `gone`: the user is no member any more, so an answer that is still to come says that too. */
export function closeChannel(
  hub: Hub,
  connection: Connection,
  channel: ChannelId,
  gone = false,
): void {
  const entry = connection.open?.get(channel);
  if (!entry) return;
  connection.open?.delete(channel);
  entry.gone = gone;
  for (const user_id of entry.members) release(hub, connection, user_id);
  const topic = hub.topics.get(channel);
  if (!topic) return;
  topic.sockets.delete(connection);
  if (topic.sockets.size > 0) return;
  topic.unsubscribe();
  hub.topics.delete(channel);
  hub.counters.topics--;
}

export function closeChannels(hub: Hub, connection: Connection): void {
  for (const channel of connection.open?.keys() ?? []) closeChannel(hub, connection, channel);
}
