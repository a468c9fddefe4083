/** A small world of people and talks: what the fake client starts with. */
import type { Channel, ChannelId, ClientId, Message, MessageId, Profile, UserId } from "@damso/sdk";
import { directChannel } from "@damso/protocol/ids";

export const NOW: number = Date.parse("2026-03-12T06:30:00.000Z");
const MINUTE_MS = 60_000;

export const userId = (number: number): UserId =>
  `1456074443980800${String(number).padStart(3, "0")}` as UserId;
export const groupId = (number: number): ChannelId => `g${userId(900 + number)}` as ChannelId;
export const at = (minutesAgo: number): string =>
  new Date(NOW - minutesAgo * MINUTE_MS).toISOString();

export const me: UserId = userId(1);
const names = [
  "민서",
  "지우",
  "Sam",
  "하윤",
  "Olivia",
  "김도현",
  "Theo",
  "서연",
  "Noah Kim",
  "할머니",
];
export const people: Profile[] = names.map((name, index) => ({
  user_id: userId(index + 1),
  username: `user${index + 1}`,
  name,
}));

export type Talk = { channel: Channel; messages: Message[] };
export type Line = [who: number, minutesAgo: number, body: string, more?: Partial<Message>];

let numbers = 0;

/** A message of user `who`; `seq` counts from 1. */
export function message(channel: ChannelId, seq: number, line: Line): Message {
  const [who, minutesAgo, body, more] = line;
  numbers += 1;
  return {
    message_id: userId(500 + (numbers % 400)) as string as MessageId,
    channel,
    seq,
    kind: "text",
    sender_id: userId(who),
    client_id: `019f65c5-e895-7123-8567-${String(numbers).padStart(12, "0")}` as ClientId,
    body,
    created_at: at(minutesAgo),
    rev: 1,
    body_rev: 1,
    ...more,
  };
}

/** A talk of these lines, all read, with whatever else the channel has. */
export function talk(
  id: ChannelId,
  members: number[],
  lines: Line[],
  more: Partial<Channel> = {},
): Talk {
  const messages = lines.map((line, index) => message(id, index + 1, line));
  const last = messages.at(-1);
  const channel: Channel = {
    id,
    kind: id.startsWith("g") ? "group" : "direct",
    created_at: at(9999),
    members: members.map((who, index) => ({
      user_id: userId(who),
      role: id.startsWith("d")
        ? "member"
        : index === 0
          ? "owner"
          : index === 1
            ? "admin"
            : "member",
    })),
    settings: { history: "from_join", invite: "members" },
    pins: [],
    visible_from: 1,
    head: messages.length,
    ...(last ? { last } : {}),
    read: messages.length,
    unread: 0,
    unread_mentions: 0,
    pos: 1,
    ...more,
  };
  return { channel, messages };
}

export const direct = (who: number): ChannelId => directChannel(me, userId(who));
