/** What the fake server holds: channels with messages, users with feeds. Simple, in memory, one writer. */
import type {
  Channel,
  ChannelId,
  ClientId,
  FeedEvent,
  FeedId,
  Member,
  Message,
  MessageId,
  Pos,
  Seq,
  UserId,
} from "@damso/protocol";
import { directMembers } from "@damso/protocol/ids";

/** A body longer than this travels as a preview. */
const PREVIEW = 4096;

/** A feed entry refers to what it is about; what a device gets is made when it is read. */
export type Entry =
  | { kind: "message" | "message_updated" | "message_hidden"; channel: ChannelId; seq: Seq }
  | { kind: "channel" | "channel_left"; channel: ChannelId }
  | { kind: "channel_settings"; channel: ChannelId; set: object }
  | { kind: "read"; channel: ChannelId; seq: Seq }
  | { kind: "news" };

export type OwnState = {
  read: Seq;
  visible_from: Seq;
  hidden: Set<Seq>;
  settings: Pick<Channel, "muted_until" | "pinned" | "draft" | "cleared_to" | "unread_mark">;
};

export type FakeUser = {
  id: UserId;
  feed: { id: FeedId; entries: Entry[]; tail: Pos };
  own: Map<ChannelId, OwnState>;
};

export type FakeChannel = {
  id: ChannelId;
  members: Member[];
  messages: Message[];
  /** `sender client_id` → seq, for ever. */
  sends: Map<string, Seq>;
};

export type Tables = {
  now: () => number;
  users: Map<UserId, FakeUser>;
  channels: Map<ChannelId, FakeChannel>;
  /** Every accepted entry goes here to reach the sockets. */
  told: (user: FakeUser, pos: Pos) => void;
  ids: number;
};

export function userOf(tables: Tables, id: UserId): FakeUser {
  const found = tables.users.get(id);
  if (found !== undefined) return found;
  const feed = { id: `feed-${id}` as FeedId, entries: [], tail: 0 };
  const made: FakeUser = { id, feed, own: new Map() };
  tables.users.set(id, made);
  return made;
}

export function headPos(user: FakeUser): Pos {
  return user.feed.tail + user.feed.entries.length;
}

export function tell(tables: Tables, to: UserId, entry: Entry): void {
  const user = userOf(tables, to);
  user.feed.entries.push(entry);
  tables.told(user, headPos(user));
}

/** The channel, made with its members where it is a direct one that nobody has used yet. */
export function channelOf(tables: Tables, id: ChannelId): FakeChannel | undefined {
  const users = directMembers(id);
  const found = tables.channels.get(id);
  if (found !== undefined || users === undefined) return found;
  return { id, members: [], messages: [], sends: new Map() };
}

/** Everybody in the channel is told, as of one commit. */
export function join(tables: Tables, channel: FakeChannel, users: readonly UserId[]): void {
  tables.channels.set(channel.id, channel);
  const head = channel.messages.length;
  for (const user_id of users) {
    channel.members.push({ user_id, role: "member" });
    const own = { read: head, visible_from: head + 1, hidden: new Set<Seq>(), settings: {} };
    userOf(tables, user_id).own.set(channel.id, own);
  }
  tellMembers(tables, channel);
}

function tellMembers(tables: Tables, channel: FakeChannel): void {
  for (const { user_id } of channel.members) {
    tell(tables, user_id, { kind: "channel", channel: channel.id });
  }
}

export function leave(tables: Tables, channel: FakeChannel, user_id: UserId): void {
  channel.members = channel.members.filter((member) => member.user_id !== user_id);
  userOf(tables, user_id).own.delete(channel.id);
  tell(tables, user_id, { kind: "channel_left", channel: channel.id });
  tellMembers(tables, channel);
}

export type NewMessage = Pick<Message, "body" | "reply_to" | "mentions"> & { client_id: ClientId };

export function append(
  tables: Tables,
  channel: FakeChannel,
  sender_id: UserId,
  message: NewMessage,
): Message {
  const seq = channel.messages.length + 1;
  const made: Message = {
    ...message,
    message_id: String(6_000_000_000_000_000_000n + BigInt(++tables.ids)) as MessageId,
    channel: channel.id,
    seq,
    kind: "text",
    sender_id,
    created_at: new Date(tables.now()).toISOString(),
    rev: 1,
    body_rev: 1,
  };
  channel.messages.push(made);
  channel.sends.set(`${sender_id} ${message.client_id}`, seq);
  for (const { user_id } of channel.members) {
    tell(tables, user_id, { kind: "message", channel: channel.id, seq });
  }
  return made;
}

/** Replaces a message by its next state and tells who may see it. */
export function update(tables: Tables, channel: FakeChannel, next: Message): void {
  channel.messages[next.seq - 1] = next;
  for (const { user_id } of channel.members) {
    const own = userOf(tables, user_id).own.get(channel.id);
    if (own === undefined || next.seq < own.visible_from) continue;
    tell(tables, user_id, { kind: "message_updated", channel: channel.id, seq: next.seq });
  }
}

/** As this user sees it, or undefined. */
export function seen(user: FakeUser, channel: FakeChannel, seq: Seq): Message | undefined {
  const own = user.own.get(channel.id);
  const message = channel.messages[seq - 1];
  if (own === undefined || message === undefined) return undefined;
  const floor = Math.max(own.visible_from, (own.settings.cleared_to ?? 0) + 1);
  return seq < floor || own.hidden.has(seq) ? undefined : message;
}

export function preview(message: Message): Message {
  const { body } = message;
  if (body === undefined || body.length <= PREVIEW) return message;
  return { ...message, body: body.slice(0, PREVIEW), truncated: true, length: body.length };
}

export function counts(
  user: FakeUser,
  channel: FakeChannel,
): { unread: number; unread_mentions: number } {
  const own = user.own.get(channel.id);
  const unread = channel.messages.filter(
    (m) =>
      m.seq > (own?.read ?? 0) &&
      m.sender_id !== user.id &&
      m.deleted_at === undefined &&
      seen(user, channel, m.seq) !== undefined,
  );
  const mentioned = unread.filter((m) => m.mentions?.includes(user.id));
  return { unread: unread.length, unread_mentions: mentioned.length };
}

export function summary(user: FakeUser, channel: FakeChannel): Channel {
  const own = user.own.get(channel.id);
  const last = shown(user, channel, channel.messages.length);
  return {
    id: channel.id,
    kind: channel.id.startsWith("d") ? "direct" : "group",
    created_at: new Date(0).toISOString(),
    members: [...channel.members],
    settings: { history: "from_join", invite: "members" },
    pins: channel.messages.filter((m) => m.pinned === true).map((m) => m.seq),
    visible_from: own?.visible_from ?? 1,
    head: channel.messages.length,
    ...(last !== undefined && { last }),
    read: own?.read ?? 0,
    ...counts(user, channel),
    ...setFields(own),
    pos: headPos(user),
  };
}

/** Only what is set: nothing is told of a default. */
function setFields(own: OwnState | undefined): OwnState["settings"] {
  const fields = Object.entries(own?.settings ?? {});
  return Object.fromEntries(fields.filter(([, value]) => Boolean(value)));
}

/** A message in a page or list: hidden ones keep their place, cleared ones and those before the join are not there. */
export function shown(user: FakeUser, channel: FakeChannel, seq: Seq): Message | undefined {
  const own = user.own.get(channel.id);
  const message = channel.messages[seq - 1];
  if (own === undefined || message === undefined) return undefined;
  if (seq < Math.max(own.visible_from, (own.settings.cleared_to ?? 0) + 1)) return undefined;
  return own.hidden.has(seq) ? gone(channel, seq) : preview(message);
}

/** The entries after `after`, as events. */
export function render(tables: Tables, user: FakeUser, after: Pos, limit: number): FeedEvent[] {
  const { entries, tail } = user.feed;
  return entries
    .slice(after - tail, after - tail + limit)
    .map((entry, at) => event(tables, user, entry, after + at + 1));
}

function event(tables: Tables, user: FakeUser, entry: Entry, pos: Pos): FeedEvent {
  if (entry.kind === "news") return { type: "news", pos, text: "later" } as unknown as FeedEvent;
  const channel = tables.channels.get(entry.channel) as FakeChannel;
  const id = channel.id;
  const own = user.own.get(id);
  switch (entry.kind) {
    case "message":
    case "message_updated": {
      const message = seen(user, channel, entry.seq);
      const told = message === undefined ? gone(channel, entry.seq) : preview(message);
      return { type: entry.kind, pos, channel: id, message: told, ...counts(user, channel) };
    }
    case "message_hidden":
      return { type: entry.kind, pos, channel: id, seq: entry.seq, ...counts(user, channel) };
    case "channel":
      if (own === undefined) return { type: "channel_left", pos, channel: id, reason: "left" };
      return { type: "channel", pos, channel: { ...summary(user, channel), pos: headPos(user) } };
    case "channel_left":
      return { type: "channel_left", pos, channel: id, reason: "left" };
    case "read":
      return {
        type: "read",
        pos,
        channel: id,
        seq: own?.read ?? entry.seq,
        ...counts(user, channel),
      };
    case "channel_settings":
      return { type: entry.kind, pos, channel: id, ...entry.set, ...counts(user, channel) };
  }
}

function gone(channel: FakeChannel, seq: Seq): Message {
  const { message_id, sender_id, created_at, client_id } = channel.messages[seq - 1] as Message;
  return {
    message_id,
    channel: channel.id,
    seq,
    kind: "text",
    sender_id,
    ...(client_id !== undefined && { client_id }),
    created_at,
    rev: 0,
    body_rev: 0,
    unavailable: true,
  };
}
