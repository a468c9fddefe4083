/** A timeline as what is drawn, from top to bottom: days, the line above what is new, bubbles, system messages. */
import type { Channel, Message, Pending, Seq, UserId } from "@damso/sdk";
import type { Tick, Watermarks } from "./ticks.ts";
import { tickOf, tickOfPending } from "./ticks.ts";
import { dayOf } from "./time.ts";

/** Messages of one author within this time stand together. */
const GROUP_MS = 5 * 60_000;

export type Item =
  | { kind: "day"; key: string; at: string }
  | { kind: "unread"; key: string }
  | { kind: "system"; key: string; message: Message }
  | { kind: "bubble"; key: string; bubble: Bubble };

export type Bubble = {
  /** Stays the same while a message goes from pending to kept, so that it is never drawn anew. */
  key: string;
  source: { kind: "message"; message: Message } | { kind: "pending"; pending: Pending };
  sender_id: UserId;
  own: boolean;
  at: string;
  /** First and last of those that stand together. */
  first: boolean;
  last: boolean;
  tick: Tick | undefined;
  /** The newest own message that everybody has read: the word stands beside this one only. */
  seen: boolean;
};

export type Timeline = {
  me: UserId;
  messages: readonly Message[];
  pending: readonly Pending[];
  marks: Watermarks;
  /** The line for what is new stands above this seq; undefined for no line. */
  unread_from: Seq | undefined;
};

type Entry = Omit<Bubble, "first" | "last" | "seen"> & { system: boolean; seq: Seq };

export function toItems(timeline: Timeline): Item[] {
  const entries = [
    ...timeline.messages.map((message) => fromMessage(message, timeline)),
    ...timeline.pending.map((pending) => fromPending(pending, timeline)),
  ];
  const seen = entries.findLast((entry) => entry.own && entry.tick === "read");
  let lined = false;
  return entries.flatMap((entry, index) => {
    const before = entries[index - 1];
    const items: Item[] = [];
    const newDay = before === undefined || dayOf(before.at) !== dayOf(entry.at);
    if (newDay) items.push({ kind: "day", key: `day ${dayOf(entry.at)}`, at: entry.at });
    const line = !lined && timeline.unread_from !== undefined && entry.seq >= timeline.unread_from;
    if (line) {
      lined = true;
      items.push({ kind: "unread", key: "unread" });
    }
    const first = newDay || line || !standTogether(before, entry);
    const last = !standTogether(entry, entries[index + 1]);
    items.push(toItem(entry, { first, last, seen: entry === seen }));
    return items;
  });
}

function toItem(entry: Entry, place: Pick<Bubble, "first" | "last" | "seen">): Item {
  const { system, seq: _, ...bubble } = entry;
  const { key, source } = entry;
  if (system && source.kind === "message") return { kind: "system", key, message: source.message };
  return { kind: "bubble", key, bubble: { ...bubble, ...place } };
}

function fromMessage(message: Message, { me, marks }: Timeline): Entry {
  const own = message.sender_id === me;
  const shown = own && message.deleted_at === undefined;
  return {
    key: message.client_id ?? message.message_id,
    source: { kind: "message", message },
    sender_id: message.sender_id,
    own,
    at: message.created_at,
    tick: shown ? tickOf(message, marks) : undefined,
    system: message.kind === "system",
    seq: message.seq,
  };
}

function fromPending(pending: Pending, { me }: Timeline): Entry {
  return {
    key: pending.client_id,
    source: { kind: "pending", pending },
    sender_id: me,
    own: true,
    at: pending.created_at,
    tick: tickOfPending(pending),
    system: false,
    seq: 0,
  };
}

function standTogether(above: Entry | undefined, below: Entry | undefined): boolean {
  if (above === undefined || below === undefined) return false;
  if (above.system || below.system || above.sender_id !== below.sender_id) return false;
  if (dayOf(above.at) !== dayOf(below.at)) return false;
  return Date.parse(below.at) - Date.parse(above.at) < GROUP_MS;
}

/** Above which seq the line for what is new stands when a chat is opened; frozen while it is open. */
export function unreadFrom(channel: Channel | undefined): Seq | undefined {
  if (channel === undefined || channel.unread === 0) return undefined;
  return channel.read + 1;
}
