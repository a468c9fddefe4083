/**
 * What one device knows, built from the protocol's client rules and nothing else. Two devices of one user are right
 * when their replicas are equal, whatever way their events came. Rules D10, D14, D15, D17.
 */
import type { ChannelId } from "@damso/protocol/ids";
import type { FeedEvent, FeedEvents } from "@damso/protocol/frames/events";
import type { Channel } from "@damso/protocol/schema/channel";
import type { Message } from "@damso/protocol/schema/message";

export type Copy = { channel: Channel; messages: Map<number, Message> };

export type Replica = {
  name: string;
  user_id: string;
  feed_id: string | undefined;
  pos: number;
  /** Highest position it heard of. */
  known: number;
  channels: Map<ChannelId, Copy>;
  /** Channels that a page told of as they stood later than its position: what comes then may be of an earlier time. */
  doubtful: Set<string>;
  resets: number;
  /** `message` events that were applied. */
  told: number;
  faults: string[];
};

export function createReplica(name: string, user_id: string): Replica {
  return {
    name,
    user_id,
    feed_id: undefined,
    pos: 0,
    known: 0,
    channels: new Map(),
    doubtful: new Set(),
    resets: 0,
    told: 0,
    faults: [],
  };
}

export type Page = {
  feed: { id: string; head: number };
  events: FeedEvent[];
  more: boolean;
  reset?: boolean;
};

/** Applies a page; true when it says `reset`: then the state is empty and has to be read anew. */
export function applyPage(replica: Replica, page: Page): boolean {
  const { feed, events, more, reset } = page;
  replica.known = Math.max(replica.known, feed.head);
  if (reset) {
    replica.resets++;
    replica.feed_id = feed.id;
    replica.pos = feed.head;
    replica.known = feed.head;
    replica.channels.clear();
    return true;
  }
  replica.feed_id ??= feed.id;
  if (feed.id !== replica.feed_id) replica.faults.push("[D15] another feed without a reset");
  const first = events[0];
  if (first && first.pos > replica.pos + 1) {
    replica.faults.push(`[I12] a page after ${replica.pos} begins at ${first.pos}`);
  }
  for (const [at, { pos }] of events.entries()) {
    const before = events[at - 1];
    if (before && pos !== before.pos + 1) {
      replica.faults.push(`[I12] a page goes from ${before.pos} to ${pos}`);
    }
  }
  const end = events.at(-1)?.pos ?? replica.pos;
  if (more !== end < feed.head && replica.pos <= end) {
    replica.faults.push(`[P16] more is ${more} at ${end} of ${feed.head}`);
  }
  for (const event of events) applyEvent(replica, event);
  return false;
}

/**
 * Applies the event that is next, ignores what it has, and remembers the rest for a sync. Rule D17.
 * @param live pushed when it happened, not read from a page
 */
export function applyEvent(replica: Replica, event: FeedEvent, live = false): void {
  replica.known = Math.max(replica.known, event.pos);
  if (event.pos !== replica.pos + 1) return;
  replica.pos = event.pos;
  if (event.type === "account") return;
  if (event.type === "channel") {
    if (live) replica.doubtful.delete(event.channel.id);
    return applyChannel(replica, event.channel);
  }
  if (event.type === "channel_left" && !live) replica.doubtful.add(event.channel);
  const copy = replica.channels.get(event.channel);
  if (event.type === "message") replica.told++;
  if (event.type === "message" || event.type === "message_updated") {
    return applyMessage(replica, copy, event, live);
  }
  if (!copy) return;
  if (event.type === "channel_left") {
    if (event.pos > copy.channel.pos) replica.channels.delete(event.channel);
    return;
  }
  if (event.type === "message_hidden") copy.messages.delete(event.seq);
  if (event.pos <= copy.channel.pos) return;
  copy.channel = { ...copy.channel, ...ownOf(copy.channel, event), pos: event.pos };
  cutBelow(copy);
}

type OwnEvent = FeedEvents["read" | "message_hidden" | "channel_settings"];

function ownOf(channel: Channel, event: OwnEvent): Partial<Channel> {
  const { unread, unread_mentions } = event;
  const counts = { unread, unread_mentions };
  if (event.type === "message_hidden") return counts;
  if (event.type === "read") {
    // Reading takes the mark away.
    return { ...counts, read: Math.max(channel.read, event.seq), unread_mark: false };
  }
  const { type: _type, pos: _pos, channel: _channel, ...set } = event;
  if (set.cleared_to === undefined) return set as Partial<Channel>;
  // What is cleared is read, so the mark goes too, unless the same event sets it.
  const read = Math.max(channel.read, set.cleared_to ?? 0);
  return { unread_mark: false, ...set, read } as Partial<Channel>;
}

/** A summary, from an event or a list: it counts unless something newer was applied. */
export function applyChannel(replica: Replica, channel: Channel): void {
  const copy = replica.channels.get(channel.id);
  if (copy && channel.pos < copy.channel.pos) return;
  const next = { channel, messages: copy?.messages ?? new Map<number, Message>() };
  replica.channels.set(channel.id, next);
  cutBelow(next);
}

function floorOf(channel: Channel): number {
  return Math.max(channel.visible_from, (channel.cleared_to ?? 0) + 1);
}

function cutBelow(copy: Copy): void {
  const floor = floorOf(copy.channel);
  for (const seq of copy.messages.keys()) if (seq < floor) copy.messages.delete(seq);
}

function applyMessage(
  replica: Replica,
  copy: Copy | undefined,
  event: FeedEvents["message" | "message_updated"],
  live: boolean,
): void {
  const { message, pos, channel, unread, unread_mentions } = event;
  const at = `${replica.name}: ${channel}/${message.seq} at ${pos}`;
  if (!copy) {
    const foreign = live && !message.unavailable && !replica.doubtful.has(channel);
    if (foreign) replica.faults.push(`[I18] ${at} is of a channel it is not in`);
    return;
  }
  if (!message.unavailable && message.seq < copy.channel.visible_from) {
    replica.faults.push(`[I9] ${at} is older than what it may see`);
  }
  putMessage(copy, message);
  if (pos <= copy.channel.pos) return;
  const { pins } = copy.channel;
  const head = Math.max(copy.channel.head, event.type === "message" ? message.seq : 0);
  const others = pins.filter((seq) => seq !== message.seq);
  copy.channel = {
    ...copy.channel,
    head,
    unread,
    unread_mentions,
    // A place without content says nothing of the pin either.
    pins: message.unavailable ? pins : message.pinned ? [...others, message.seq] : others,
    pos,
  };
}

/** The highest `rev` wins; a preview of a body that is here already changes nothing of the body. Rule D10. */
export function putMessage({ channel, messages }: Copy, message: Message): void {
  const { seq, rev } = message;
  if (message.unavailable || seq < floorOf(channel)) return;
  if (rev >= (messages.get(seq)?.rev ?? 0)) messages.set(seq, message);
}

/** All that two devices of one user have to agree on, in one order. */
export function snapshot(replica: Replica): Record<string, unknown> {
  const channels = [...replica.channels].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    channels.map(([id, { channel, messages }]) => {
      const { pos: _pos, last: _last, peer_read: _r, peer_delivered: _d, ...rest } = channel;
      const present = Object.entries(rest).filter(([, value]) => value !== null && value !== false);
      const sorted = [...messages].toSorted(([a], [b]) => a - b);
      return [
        id,
        {
          ...Object.fromEntries(present),
          members: rest.members.toSorted((a, b) => (a.user_id < b.user_id ? -1 : 1)),
          // Of what is hidden or cleared the device has nothing to show, and hears nothing.
          pins: rest.pins.filter((seq) => messages.has(seq)).toSorted((a, b) => a - b),
          messages: Object.fromEntries(sorted),
        },
      ];
    }),
  );
}

/** Where two snapshots differ, as paths; at most a few. */
export function differences(a: unknown, b: unknown, path = ""): string[] {
  if (Bun.deepEquals(a, b)) return [];
  const areRecords = typeof a === "object" && typeof b === "object" && a !== null && b !== null;
  if (!areRecords) return [`${path}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const of = (value: object, key: string): unknown => (value as Record<string, unknown>)[key];
  return keys.flatMap((key) => differences(of(a, key), of(b, key), `${path}/${key}`)).slice(0, 10);
}

/** Unread by counting what the replica holds: messages after the marker that are others', texts, and not deleted. */
export function unreadFaults(replica: Replica): string[] {
  return [...replica.channels.values()].flatMap(({ channel, messages }) => {
    const after = [...messages.values()].filter(
      ({ seq, kind, sender_id, deleted_at }) =>
        seq > channel.read &&
        kind === "text" &&
        sender_id !== replica.user_id &&
        deleted_at === undefined,
    );
    const naming = after.filter(
      ({ mentions = [] }) =>
        mentions.includes("all") || (mentions as string[]).includes(replica.user_id),
    );
    const counted = [after.length, naming.length];
    const told = [channel.unread, channel.unread_mentions];
    if (Bun.deepEquals(counted, told)) return [];
    return [
      `[I15] ${replica.name} in ${channel.id}: told ${told.join("/")}, counted ${counted.join("/")}`,
    ];
  });
}
