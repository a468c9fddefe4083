/** Events of the feed into memory and store, in one change with the position that they bring (invariant I2). */
import type { Channel, ChannelId, FeedEvent, Message } from "@damso/protocol";
import type { ChannelRecord, Cursor } from "../store/port.ts";
import { fold, foldSummary } from "./fold.ts";
import type { Folded } from "./fold.ts";
import { change } from "./state.ts";
import type { State } from "./state.ts";

/** More remembered departures than this: the oldest is forgotten. */
const LEFT_MAX = 1000;

/** Applies one event that is next. `live`: it was pushed, not caught up with. */
export function applyEvent(self: State, cursor: Cursor, event: FeedEvent, live: boolean): void {
  const next = { ...cursor, pos: event.pos };
  const id = channelOf(event);
  const record = id === undefined ? undefined : self.channels.get(id);
  const arrived = withFullText(self, event);
  const folded = staysLeft(self, event) ? undefined : fold(record, arrived);
  if (folded === undefined) change(self, { cursor: next });
  else change(self, { cursor: next, ...parts(id, record, lastOf(self, folded)) });
  if (id !== undefined) note(self, id, event);
  tell(self, arrived, record, live);
}

/** A summary from a list or call, applied if nothing newer was. */
export function applySummary(self: State, summary: Channel): void {
  if ((self.left.get(summary.id) ?? -1) >= summary.pos) return;
  const record = self.channels.get(summary.id);
  const folded = foldSummary(record, summary);
  change(self, parts(summary.id, record, folded));
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
  if (event.type !== "message" || event.message.unavailable === true) return event;
  return { ...event, message: self.arrived(event.message) };
}

/** A summary that was read before the channel was left. */
function staysLeft(self: State, event: FeedEvent): boolean {
  return event.type === "channel" && (self.left.get(event.channel.id) ?? -1) > event.channel.pos;
}

/** A hidden last message leaves the list without a preview: the one before it may be at hand. */
function lastOf(self: State, folded: Folded): Folded {
  const { record, steps } = folded;
  const [step] = steps;
  if (record === null || record.channel.last !== undefined || step === undefined) return folded;
  if (!("cut" in step) || step.from !== step.to) return folded;
  const window = self.windows.get(record.channel.id);
  const last = window?.messages.findLast((m) => m.seq < step.from);
  if (last === undefined || (window?.to ?? 0) < record.channel.head) return folded;
  return { steps, record: { ...record, channel: { ...record.channel, last } } };
}

function note(self: State, id: ChannelId, event: FeedEvent): void {
  const gone = event.type === "channel_left" || unavailable(event);
  if (gone) {
    if (event.type !== "channel_left" || self.channels.has(id)) return;
    self.left.delete(id);
    self.left.set(id, event.pos);
    const [oldest] = self.left.keys();
    if (self.left.size > LEFT_MAX && oldest !== undefined) self.left.delete(oldest);
    self.unknown.delete(id);
    return;
  }
  self.touched?.add(id);
  if (!self.channels.has(id) && event.type === "message") self.unknown.add(id);
}

function unavailable(event: FeedEvent): boolean {
  return event.type === "message" || event.type === "message_updated"
    ? event.message.unavailable === true
    : false;
}

function tell(self: State, event: FeedEvent, was: ChannelRecord | undefined, live: boolean): void {
  const known = (message: Message): boolean => message.unavailable !== true;
  switch (event.type) {
    case "message":
      if (known(event.message))
        self.emit("message", { channel: event.channel, message: event.message, live });
      return;
    case "message_updated":
      if (known(event.message))
        self.emit("message_updated", { channel: event.channel, message: event.message });
      return;
    case "message_hidden":
      return self.emit("message_hidden", { channel: event.channel, seq: event.seq });
    case "channel": {
      const record = self.channels.get(event.channel.id);
      if (record !== undefined) self.emit("channel", { channel: record.channel });
      return;
    }
    case "channel_left":
      if (was === undefined || self.channels.has(event.channel)) return;
      self.forget(event.channel, Number.MAX_SAFE_INTEGER);
      return self.emit("channel_left", { channel: event.channel, reason: event.reason });
    case "account":
      return self.emit("account", { changed: event.changed });
    case "read":
    case "channel_settings":
      return;
    default:
      return;
  }
}
