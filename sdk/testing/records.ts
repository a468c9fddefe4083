/** Plain records for tests: valid shapes with small numbers. */
import type { Channel, ChannelId, Message, MessageId, Seq, UserId } from "@damso/protocol";
import { directMembers } from "@damso/protocol/ids";

const base = 4_000_000_000_000_000_000n;

export const userId = (n: number): UserId => String(base + BigInt(n)) as UserId;
export const groupId = (n: number): ChannelId => `g${base + BigInt(n)}` as ChannelId;

export function messageOf(channel: ChannelId, seq: Seq, parts: Partial<Message> = {}): Message {
  return {
    message_id: String(base + BigInt(seq)) as MessageId,
    channel,
    seq,
    kind: "text",
    sender_id: userId(1),
    body: `message ${seq}`,
    created_at: "2026-01-01T00:00:00.000Z",
    rev: 1,
    body_rev: 1,
    ...parts,
  };
}

export function channelOf(id: ChannelId, parts: Partial<Channel> = {}): Channel {
  const users = directMembers(id) ?? [userId(1)];
  return {
    id,
    kind: id.startsWith("d") ? "direct" : "group",
    created_at: "2026-01-01T00:00:00.000Z",
    members: users.map((user_id) => ({ user_id, role: "member" })),
    settings: { history: "from_join", invite: "members" },
    pins: [],
    visible_from: 1,
    head: 0,
    read: 0,
    unread: 0,
    unread_mentions: 0,
    pos: 0,
    ...parts,
  };
}
