/** What an event of a feed is about, whichever way it was told. */
import type { Message } from "@damso/protocol";
import type { Entry } from "./check/evidence.ts";

/** Events as they come off the wire: a later server may know more of them than we do. */
export type AnyEvent = {
  type: string;
  pos: number;
  channel?: unknown;
  message?: Message;
  seq?: number;
};

export function entryOf({ type, pos, channel, message, seq }: AnyEvent): Entry {
  const entry: Entry = { pos, type };
  const id = typeof channel === "string" ? channel : lastOf(channel).id;
  if (id !== undefined) entry.channel = id as NonNullable<Entry["channel"]>;
  const number = message?.seq ?? seq;
  if (number !== undefined) entry.seq = number;
  return entry;
}

/** The states of messages that an event shows. */
export function messagesOf({ channel, message }: AnyEvent): Message[] {
  return [message, lastOf(channel).last].filter((shown) => shown !== undefined);
}

/** A channel object, if that is what stands there. */
export function lastOf(channel: unknown): { id?: string; last?: Message } {
  return typeof channel === "object" && channel !== null ? channel : {};
}
