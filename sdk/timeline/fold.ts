/**
 * One event of the feed into one channel, purely: what the channel is afterwards, and what happens to stored messages.
 * Rules: D10 revs, D14 summaries. An event older than the summary still brings its message, and nothing else of it.
 */
import type { Channel, FeedEvent, FeedEvents, Message, Seq } from "@damso/protocol";
import type { ChannelRecord, MessageStep } from "../store/port.ts";
import { mergeMessage } from "./merge.ts";
import { cover, coverFrom } from "./ranges.ts";

/** `record` null: the channel is gone. */
export type Folded = { record: ChannelRecord | null; steps: MessageStep[] };

/** The lowest seq that this account sees. */
export function floorOf(channel: Channel): Seq {
  return Math.max(channel.visible_from, (channel.cleared_to ?? 0) + 1);
}

/** Events of channels that are not here fold to nothing, all but `channel`. */
export function fold(record: Folded["record"] | undefined, event: FeedEvent): Folded | undefined {
  if (event.type === "channel") return foldSummary(record, event.channel, event.pos);
  if (!record) return undefined;
  const same: Folded = { record, steps: [] };
  const isOld = event.pos <= record.channel.pos;
  switch (event.type) {
    case "message":
    case "message_updated":
      return foldMessage(record, event);
    case "message_hidden":
      return foldHidden(record, event);
    case "channel_left":
      // The channel is gone, with all its messages. A summary from after a rejoin stays, but not what was held before it:
      // what this reader had hidden is shown again.
      return {
        record: isOld ? { ...record, ranges: [] } : null,
        steps: [{ cut: event.channel, from: 1, to: Infinity }],
      };
    case "read":
      return isOld ? same : foldRead(record, event);
    case "channel_settings":
      return isOld ? same : foldSettings(record, event);
    case "account":
    default:
      // A later version of the server: counted by the caller, otherwise ignored.
      return undefined;
  }
}

/** A whole summary replaces the channel unless something newer was applied to it. */
export function foldSummary(
  record: Folded["record"] | undefined,
  summary: Channel,
  pos: number = summary.pos,
): Folded {
  if (record && summary.pos < record.channel.pos) return { record, steps: [] };
  const channel: Channel = {
    ...summary,
    ...peerMarks(record?.channel, summary),
    pos: Math.max(pos, summary.pos),
  };
  const { last } = channel;
  const seen = last && !last.unavailable;
  const steps: MessageStep[] = seen ? [{ put: last }] : [];
  const isHead = seen && last.seq === channel.head;
  const was = record?.ranges ?? [];
  const ranges = isHead ? cover(was, last.seq, last.seq) : was;
  return raised(record?.channel, { channel, ranges }, steps);
}

type Marks = Pick<Channel, "peer_read" | "peer_delivered">;

/** Watermarks of the other side never move back. */
export function peerMarks(was: Marks | undefined, now: Marks): Marks {
  const later: Marks = {};
  for (const mark of ["peer_read", "peer_delivered"] as const) {
    const seq = Math.max(was?.[mark] ?? 0, now[mark] ?? 0);
    if (seq > 0) later[mark] = seq;
  }
  return later;
}

/** Cuts what a raised floor (a rejoin, a cleared history) no longer shows. */
function raised(was: Channel | undefined, record: ChannelRecord, steps: MessageStep[]): Folded {
  const { id } = record.channel;
  const floor = floorOf(record.channel);
  if (!was || floor <= floorOf(was)) return { record, steps };
  const ranges = coverFrom(record.ranges, floor);
  return {
    record: { ...record, ranges },
    steps: [{ cut: id, from: 1, to: floor - 1 }, ...steps],
  };
}

/** One that is not for this reader any more brings its place and the counts. */
function foldMessage(
  record: ChannelRecord,
  event: FeedEvents["message"] | FeedEvents["message_updated"],
): Folded {
  const { message, pos, unread, unread_mentions } = event;
  const floor = floorOf(record.channel);
  // A summary may know already that the history is cleared up to here.
  const gone = message.unavailable || message.seq < floor;
  const steps: MessageStep[] = gone ? [] : [{ put: message }];
  const isNew = event.type === "message";
  const ranges = isNew
    ? cover(record.ranges, Math.max(message.seq, floor), message.seq)
    : record.ranges;
  const { channel } = record;
  if (pos <= channel.pos) return { record: { channel, ranges }, steps };
  const next: Channel = {
    ...channel,
    ...newest(channel.last, message, isNew),
    head: Math.max(channel.head, message.seq),
    pins: gone ? channel.pins : pins(channel.pins, message),
    unread,
    unread_mentions,
    pos,
  };
  return { record: { channel: next, ranges }, steps };
}

function newest(last: Message | undefined, message: Message, isNew: boolean): { last?: Message } {
  if (last?.seq === message.seq) return { last: mergeMessage(last, message) };
  return isNew && message.seq > (last?.seq ?? 0) ? { last: message } : {};
}

function pins(pinned: Seq[], { seq, pinned: on = false }: Message): Seq[] {
  if (pinned.includes(seq) === on) return pinned;
  return on ? [...pinned, seq] : pinned.filter((other) => other !== seq);
}

function foldHidden(record: ChannelRecord, event: FeedEvents["message_hidden"]): Folded {
  const { pos, seq, unread, unread_mentions } = event;
  const steps: MessageStep[] = [{ cut: record.channel.id, from: seq, to: seq }];
  if (pos <= record.channel.pos) return { record, steps };
  const { last } = record.channel;
  const channel: Channel = {
    ...record.channel,
    ...(last?.seq === seq && { last: placeOf(last) }),
    unread,
    unread_mentions,
    pos,
  };
  return { record: { ...record, channel }, steps };
}

/** What is left of a message that is not for this reader any more, as the server tells it (rule D7). */
function placeOf(message: Message): Message {
  const { message_id, channel, seq, kind, sender_id, client_id, created_at } = message;
  const place = { message_id, channel, seq, kind, sender_id, created_at };
  return { ...place, ...(client_id && { client_id }), rev: 0, body_rev: 0, unavailable: true };
}

function foldRead(record: ChannelRecord, event: FeedEvents["read"]): Folded {
  const { pos, seq, unread, unread_mentions } = event;
  const { unread_mark: _, ...marked } = record.channel;
  const read = Math.max(marked.read, seq);
  const channel: Channel = { ...marked, read, unread, unread_mentions, pos };
  return { record: { ...record, channel }, steps: [] };
}

/** A field that is absent stays; null, false and the empty text clear it. Clearing the history reads it too. */
function foldSettings(record: ChannelRecord, event: FeedEvents["channel_settings"]): Folded {
  const { type: _type, channel: _channel, ...fields } = event;
  const read = fields.cleared_to !== undefined && { unread_mark: false };
  const set = Object.entries({ ...record.channel, ...read, ...fields });
  const kept = set.filter(([, value]) => value || value === 0);
  const channel = Object.fromEntries(kept) as Channel;
  const { last, cleared_to = 0, ...rest } = channel;
  channel.read = Math.max(rest.read, cleared_to);
  if (last && last.seq < floorOf(channel)) delete channel.last;
  return raised(record.channel, { ...record, channel }, []);
}
