/** What the fake server answers to each frame. */
import type {
  ClientFrame,
  ClientFrames,
  ErrorCode,
  FeedCursor,
  Message,
  Replies,
  Reply,
  Seq,
} from "@damso/protocol";
import { directMembers } from "@damso/protocol/ids";
import { append, channelOf, headPos, join, render } from "./fake-tables.ts";
import { seen, shown, summary, tell, update } from "./fake-tables.ts";
import type { FakeChannel, FakeUser, Tables } from "./fake-tables.ts";

/** A reply without its id. */
export type Answer = Reply extends infer R
  ? R extends { id?: number }
    ? Omit<R, "id">
    : never
  : never;

const LIST_PAGE = 3;
const EVENTS_PAGE = 20;
const BODY_MAX = 100_000;

export function answer(tables: Tables, user: FakeUser, frame: ClientFrame): Answer | undefined {
  switch (frame.type) {
    case "send":
      return send(tables, user, frame);
    case "edit":
    case "delete":
    case "react":
    case "pin":
      return changeMessage(tables, user, frame);
    case "read":
      return read(tables, user, frame);
    case "set":
      return set(tables, user, frame);
    case "sync":
      return { type: "events", ...page(tables, user, frame.feed) };
    case "history":
      return history(tables, user, frame);
    case "channels":
      return list(tables, user, frame.cursor);
    case "open":
      return open(tables, user, frame);
    case "ping":
      return { type: "pong" };
    case "hello":
    case "ack":
    case "close":
    case "watch":
    case "typing":
      return undefined;
  }
}

export const refuse = (code: ErrorCode): Answer => ({ type: "error", code, message: code });

/** Events after a cursor; a cursor that cannot be served is answered with `reset` (rule D15). */
export function page(
  tables: Tables,
  user: FakeUser,
  cursor: FeedCursor | undefined,
): Pick<Replies["events"], "feed" | "events" | "more" | "reset"> {
  const head = headPos(user);
  const feed = { id: user.feed.id, head };
  if (cursor === undefined) return { feed, events: [], more: false };
  const { id, pos } = cursor;
  if (id !== feed.id || pos > head || pos < user.feed.tail) {
    return { feed, events: [], more: false, reset: true };
  }
  const events = render(tables, user, pos, EVENTS_PAGE);
  return { feed, events, more: pos + events.length < head };
}

function send(tables: Tables, user: FakeUser, frame: ClientFrames["send"]): Answer {
  const { client_id, body, reply_to, mentions } = frame;
  const channel = channelOf(tables, frame.channel);
  if (channel === undefined) return refuse("not_found");
  const earlier = channel.sends.get(`${user.id} ${client_id}`);
  if (earlier !== undefined) return sent(channel.messages[earlier - 1] as Message);
  const users = directMembers(channel.id);
  if (users?.includes(user.id) === true && channel.members.length === 0) {
    join(tables, channel, [...new Set(users)]);
  }
  if (!channel.members.some((member) => member.user_id === user.id)) return refuse("not_member");
  if (body.length > BODY_MAX) return refuse("too_long");
  const message = {
    client_id,
    body,
    ...(reply_to !== undefined && { reply_to }),
    ...(mentions !== undefined && { mentions }),
  };
  return sent(append(tables, channel, user.id, message));
}

function sent({ channel, client_id, seq, message_id, created_at }: Message): Answer {
  if (client_id === undefined) throw new Error("a text has a client_id");
  return { type: "sent", channel, client_id, seq, message_id, created_at };
}

type Change =
  | ClientFrames["edit"]
  | ClientFrames["delete"]
  | ClientFrames["react"]
  | ClientFrames["pin"];

function changeMessage(tables: Tables, user: FakeUser, frame: Change): Answer {
  const channel = tables.channels.get(frame.channel);
  const was = channel && seen(user, channel, frame.seq);
  if (channel === undefined || was === undefined) return refuse("not_found");
  if (frame.type === "delete" && frame.for === "me") return hide(tables, user, channel, frame.seq);
  if (frame.type === "edit" && frame.if_rev !== undefined && frame.if_rev !== was.rev) {
    return refuse("conflict");
  }
  const next: Message = { ...changed(tables, user, was, frame), rev: was.rev + 1 };
  update(tables, channel, next);
  return { type: "ok", rev: next.rev };
}

function changed(tables: Tables, user: FakeUser, was: Message, frame: Change): Message {
  const now = new Date(tables.now()).toISOString();
  switch (frame.type) {
    case "edit":
      return { ...was, body: frame.body, body_rev: was.body_rev + 1, edited_at: now };
    case "delete": {
      const { body: _body, reactions: _reactions, ...rest } = was;
      return { ...rest, body_rev: was.body_rev + 1, deleted_at: now };
    }
    case "react": {
      const others = (was.reactions?.[frame.emoji] ?? []).filter((id) => id !== user.id);
      const users = frame.on ? [...others, user.id] : others;
      return { ...was, reactions: { ...was.reactions, [frame.emoji]: users } };
    }
    case "pin":
      return { ...was, pinned: frame.on };
  }
}

function hide(tables: Tables, user: FakeUser, channel: FakeChannel, seq: Seq): Answer {
  user.own.get(channel.id)?.hidden.add(seq);
  tell(tables, user.id, { kind: "message_hidden", channel: channel.id, seq });
  return { type: "ok" };
}

function read(tables: Tables, user: FakeUser, { channel: id, seq }: ClientFrames["read"]): Answer {
  const channel = tables.channels.get(id);
  const own = user.own.get(id);
  if (channel === undefined || own === undefined) return refuse("not_member");
  const to = Math.min(seq, channel.messages.length);
  if (to > own.read || own.settings.unread_mark === true) {
    own.read = Math.max(to, own.read);
    delete own.settings.unread_mark;
    tell(tables, user.id, { kind: "read", channel: id, seq: to });
  }
  return { type: "ok" };
}

function set(tables: Tables, user: FakeUser, frame: ClientFrames["set"]): Answer {
  const { type: _type, id: _id, channel, ...fields } = frame;
  const own = user.own.get(channel);
  if (own === undefined) return refuse("not_member");
  const kept = Object.entries({ ...own.settings, ...fields }).filter(([, value]) => value !== null);
  own.settings = Object.fromEntries(kept);
  if (fields.cleared_to !== undefined) {
    own.read = Math.max(own.read, fields.cleared_to ?? 0);
    if (fields.unread_mark === undefined) delete own.settings.unread_mark;
  }
  tell(tables, user.id, { kind: "channel_settings", channel, set: fields });
  return { type: "ok" };
}

function history(tables: Tables, user: FakeUser, frame: ClientFrames["history"]): Answer {
  const channel = tables.channels.get(frame.channel);
  if (channel === undefined || !user.own.has(frame.channel)) return refuse("not_found");
  const visible = channel.messages
    .map((m) => shown(user, channel, m.seq))
    .filter((m) => m !== undefined);
  const { limit = 50, before, after, around } = frame;
  let messages = visible.slice(-limit);
  if (before !== undefined) messages = visible.filter((m) => m.seq < before).slice(-limit);
  if (after !== undefined) messages = visible.filter((m) => m.seq > after).slice(0, limit);
  if (around !== undefined) {
    const at = visible.findIndex((m) => m.seq >= around);
    const start = Math.max(0, (at < 0 ? visible.length : at) - Math.floor(limit / 2));
    messages = visible.slice(start, start + limit);
  }
  const first = messages[0]?.seq ?? before ?? 0;
  const last = messages.at(-1)?.seq ?? after ?? Number.POSITIVE_INFINITY;
  return {
    type: "messages",
    channel: channel.id,
    messages,
    head: channel.messages.length,
    more_before: visible.some((m) => m.seq < first),
    more_after: visible.some((m) => m.seq > last),
  };
}

/** Newest first; a channel that gets a message while the list is read moves to its front, out of the way. */
function list(tables: Tables, user: FakeUser, cursor?: string): Answer {
  const key = ({ id, messages }: FakeChannel): string =>
    `${messages.at(-1)?.message_id ?? "0".repeat(19)} ${id}`;
  const mine = [...user.own.keys()].map((id) => tables.channels.get(id) as FakeChannel);
  const after = mine
    .sort((a, b) => (key(a) < key(b) ? 1 : -1))
    .filter((channel) => cursor === undefined || key(channel) < cursor);
  const page = after.slice(0, LIST_PAGE);
  const last = page.at(-1);
  const channels = page.map((channel) => summary(user, channel));
  const more = after.length > LIST_PAGE && last !== undefined && { cursor: key(last) };
  return { type: "channel_list", channels, ...more };
}

function open(tables: Tables, user: FakeUser, { channel: id }: ClientFrames["open"]): Answer {
  const channel = tables.channels.get(id);
  if (channel === undefined || !user.own.has(id)) return refuse("not_found");
  const members = channel.members.map(({ user_id }) => {
    const read = tables.users.get(user_id)?.own.get(id)?.read ?? 0;
    return { user_id, read, delivered: read, presence: "online" as const };
  });
  return { type: "opened", channel: id, members };
}
