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
  /** Whose change is on its way. */
  changing?: ReadonlySet<Seq>;
};

type Entry = Omit<Bubble, "first" | "last" | "seen"> & {
  system: boolean;
  seq: Seq;
  day: number;
  at_ms: number;
};

export function toItems(timeline: Timeline): Item[] {
  const entries = [
    ...timeline.messages.map((message) => fromMessage(message, timeline)),
    ...timeline.pending.map((pending) => fromPending(pending, timeline)),
  ];
  const seen = entries.findLast((entry) => entry.own && entry.tick === "read");
  const line = lineAt(entries, timeline.unread_from);
  const begins = (index: number): boolean =>
    index === line || !standTogether(entries[index - 1], entries[index]);
  return entries.flatMap((entry, index) => {
    const items: Item[] = [];
    const before = entries[index - 1];
    if (before?.day !== entry.day) {
      items.push({ kind: "day", key: `day ${entry.day}`, at: entry.at });
    }
    if (index === line) items.push({ kind: "unread", key: "unread" });
    const place = { first: begins(index), last: begins(index + 1), seen: entry === seen };
    items.push(toItem(entry, place));
    return items;
  });
}

/** The first message of somebody else that is not read; what is on its way has no seq and is never new. */
function lineAt(entries: readonly Entry[], unread_from: Seq | undefined): number {
  if (unread_from === undefined) return -1;
  return entries.findIndex((entry) => entry.seq >= unread_from && !entry.own && !entry.system);
}

function toItem(entry: Entry, place: Pick<Bubble, "first" | "last" | "seen">): Item {
  const { key, source, sender_id, own, at, tick, system } = entry;
  if (system && source.kind === "message") return { kind: "system", key, message: source.message };
  return { kind: "bubble", key, bubble: { key, source, sender_id, own, at, tick, ...place } };
}

function fromMessage(message: Message, { me, marks, changing }: Timeline): Entry {
  const own = message.sender_id === me;
  const shown = own && message.deleted_at === undefined;
  return {
    key: message.client_id ?? message.message_id,
    source: { kind: "message", message },
    sender_id: message.sender_id,
    own,
    ...timeOf(message.created_at),
    tick: shown ? (changing?.has(message.seq) ? "waiting" : tickOf(message, marks)) : undefined,
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
    ...timeOf(pending.created_at),
    tick: tickOfPending(pending),
    system: false,
    seq: 0,
  };
}

/** Read once: each is compared with its neighbours several times. */
function timeOf(at: string): Pick<Entry, "at" | "day" | "at_ms"> {
  return { at, day: dayOf(at), at_ms: Date.parse(at) };
}

function standTogether(above: Entry | undefined, below: Entry | undefined): boolean {
  if (above === undefined || below === undefined) return false;
  if (above.system || below.system || above.sender_id !== below.sender_id) return false;
  return above.day === below.day && below.at_ms - above.at_ms < GROUP_MS;
}

/** Above which seq the line for what is new stands when a chat is opened; frozen while it is open. */
export function unreadFrom(channel: Channel | undefined): Seq | undefined {
  if (channel === undefined || channel.unread === 0) return undefined;
  return channel.read + 1;
}
