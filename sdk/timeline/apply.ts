/** Events of the feed into memory and store, in one change with the position that they bring (invariant I2). */
import type { Channel, ChannelId, FeedEvent, FeedEvents } from "@damso/protocol";
import { putNewest } from "@damso/protocol/bounded";
import type { ChannelRecord, Cursor } from "../store/port.ts";
import { floorOf, fold, foldSummary } from "./fold.ts";
import type { Folded } from "./fold.ts";
import { coverFrom } from "./ranges.ts";
import { change, current } from "./state.ts";
import type { State } from "./state.ts";

/** More remembered departures than this: the oldest is forgotten. */
const LEFT_MAX = 1000;

/** Applies one event that is next. `live`: it was pushed, not caught up with. */
export function applyEvent(self: State, cursor: Cursor, event: FeedEvent, live: boolean): void {
  const id = channelOf(event);
  const was = id !== undefined && self.channels.has(id);
  const record = id === undefined ? undefined : current(self, id);
  const arrived = withFullText(self, event);
  const folded = staysLeft(self, event) ? undefined : fold(record ?? old(self, event), arrived);
  const missing = id !== undefined && !record && needsChannel(event) && !self.left.has(id);
  const incomplete = missing || isReopened(record, folded);
  const next = { ...cursor, pos: event.pos, ...(incomplete && { partial: true }) };
  change(self, { cursor: next, ...(folded && parts(id, record, shortened(self, event, folded))) });
  if (id !== undefined && incomplete) miss(self, id, arrived);
  if (event.type === "channel_left") noteLeft(self, event);
  tell(self, arrived, was, live);
}

/** A channel of this event has to be here already: where it is not, the list has to be read again. */
function needsChannel({ type }: FeedEvent): boolean {
  return type !== "channel" && type !== "channel_left";
}

/** More events of one channel wait for its summary: the oldest are forgotten, and a summary from before them is of no use. */
const MISSED_MAX = 500;

/** A page that is on its way may not have what is passed over or shown again here: it is read again. */
function miss(self: State, id: ChannelId, event: FeedEvent): void {
  self.missed.set(id, [...(self.missed.get(id) ?? []), event].slice(-MISSED_MAX));
  for (const read of self.reads) if (read.channel === id) read.steps.push({ wipe: true });
}

/** A cleared history that is shown again: what its list entry says of it was thrown away. */
function isReopened(was: Folded["record"] | undefined, folded: Folded | undefined): boolean {
  if (!was || !folded?.record) return false;
  return floorOf(folded.record.channel) < floorOf(was.channel);
}

/** A summary from a list or call, applied if nothing newer was, and on it what was missed while it was on its way. */
export function applySummary(self: State, summary: Channel): void {
  const { id, pos, head } = summary;
  if ((self.left.get(id) ?? -1) >= pos) return;
  const missed = self.missed.get(id) ?? [];
  if (missed[MISSED_MAX - 1] && (missed[0]?.pos ?? 0) > pos) return;
  const record = current(self, id);
  let folded = foldSummary(record, summary);
  self.missed.delete(id);
  for (const event of missed) {
    const next = fold(folded.record, event);
    if (!next || event.pos <= (folded.record?.channel.pos ?? pos)) continue;
    // What the summary says is of no use for what is shown again: the list has to be read once more.
    if (isReopened(folded.record, next)) self.missed.set(id, []);
    folded = { ...next, steps: [...folded.steps, ...next.steps] };
  }
  // An older one that still says what was thrown away when the history was cleared: it is shown again.
  if (folded.record === record && summary.last && !record?.channel.last) self.missed.set(id, []);
  change(self, parts(id, record, folded));
  self.forget(id, head);
}

/** A store that does not keep everything lets go of the oldest from time to time, and of the claim to have it. */
function shortened({ store: { keep }, windows }: State, event: FeedEvent, folded: Folded): Folded {
  const { record, steps } = folded;
  if (!keep || event.type !== "message" || !record || event.message.seq % keep > 0) return folded;
  // What is being read stays; windows have a bound of their own.
  const from = Math.min(event.message.seq - keep, windows.get(event.channel)?.from ?? Infinity);
  const ranges = coverFrom(record.ranges, from);
  return {
    record: { ...record, ranges },
    steps: [...steps, { cut: event.channel, from: 1, to: from - 1 }],
  };
}

function parts(id: ChannelId | undefined, was: ChannelRecord | undefined, folded: Folded) {
  const { record, steps: messages } = folded;
  if (id === undefined || record === was) return { messages };
  return { messages, channels: new Map([[id, record]]) };
}

/** The channel that an event is about; of an unknown event too, when it says so in the usual place. */
function channelOf(event: FeedEvent): ChannelId | undefined {
  if (event.type === "account") return undefined;
  if (event.type === "channel") return event.channel.id;
  return typeof event.channel === "string" ? event.channel : undefined;
}

function withFullText(self: State, event: FeedEvent): FeedEvent {
  if (event.type !== "message") return event;
  return { ...event, message: self.arrived(event.message) };
}

/** Leaving needs no current state. */
function old(self: State, event: FeedEvent): ChannelRecord | undefined {
  return event.type === "channel_left" ? self.channels.get(event.channel) : undefined;
}

/** A summary that was read before the channel was left. */
function staysLeft(self: State, event: FeedEvent): boolean {
  return event.type === "channel" && (self.left.get(event.channel.id) ?? -1) > event.channel.pos;
}

function noteLeft(self: State, { channel, pos }: FeedEvents["channel_left"]): void {
  if (self.channels.has(channel)) return;
  self.missed.delete(channel);
  putNewest(self.left, channel, pos, LEFT_MAX);
}

function tell(self: State, event: FeedEvent, was: boolean, live: boolean): void {
  switch (event.type) {
    case "message":
    case "message_updated": {
      const { type, channel, message } = event;
      if (!message.unavailable) self.emit(type, { channel, message, live });
      return;
    }
    case "message_hidden":
      return self.emit("message_hidden", { channel: event.channel, seq: event.seq });
    case "channel": {
      const { id, head } = event.channel;
      const record = self.channels.get(id);
      self.forget(id, head);
      if (record) self.emit("channel", { channel: record.channel });
      return;
    }
    case "channel_left":
      if (was && !self.channels.has(event.channel)) left(self, event.channel, event.reason);
      return;
    case "account":
      return self.emit("account", { changed: event.changed });
    default:
      return;
  }
}

/** The channel is gone from this device. */
export function left(self: State, channel: ChannelId, reason: string): void {
  self.forget(channel, Infinity);
  self.emit("channel_left", { channel, reason });
}
