/** What the device knows, in memory, and the hands through which it changes. */
import type { Channel, ChannelId, FeedEvent, Message, Pos, Seq } from "@damso/protocol";
import type { Emit, Notify } from "../client/events.ts";
import type { Requests } from "../connection/requests.ts";
import type { Change, ChannelRecord, Cursor, MessageStep, Store } from "../store/port.ts";
import type { Writer } from "../store/writer.ts";
import { follow } from "./window.ts";
import type { Window } from "./window.ts";

/** What happens to a channel's messages while a page of it is on its way is done to the page when it arrives. */
export type Read = { channel: ChannelId; steps: MessageStep[] };

export type World = {
  call: Requests["call"];
  store: Pick<Store, "messages" | "keep">;
  writer: Writer;
  emit: Emit;
  notify: Notify;
  /** Resolves after that many ms, or at the end of the client. */
  pause: (ms: number) => Promise<void>;
  online: () => boolean;
  /** Matches a message against the outbox: what was waited for leaves it, and its full text is known here. */
  arrived: (message: Message) => Message;
  /** The channel has been read as a whole up to this seq: acknowledged messages so far may have no event to come. */
  forget: (channel: ChannelId, upTo: Seq) => void;
  changed: (channel: Channel) => void;
};

export type State = World & {
  cursor?: Cursor | undefined;
  /** The highest position seen anywhere. */
  known: Pos;
  syncing?: Promise<void> | undefined;
  resets: number;
  listing: boolean;
  channels: Map<ChannelId, ChannelRecord>;
  /** Channels left since the last reset, and where: a summary read before that must not bring one back. */
  left: Map<ChannelId, Pos>;
  /** Events of channels that are not here, to be applied on top of their summaries; without those the list is not whole. */
  missed: Map<ChannelId, FeedEvent[]>;
  windows: Map<ChannelId, Window>;
  reads: Set<Read>;
};

export function state(world: World): State {
  return {
    ...world,
    known: 0,
    resets: 0,
    listing: false,
    channels: new Map(),
    left: new Map(),
    missed: new Map(),
    windows: new Map(),
    reads: new Set(),
  };
}

/**
 * The channel if events can be applied to it. Since a reset a channel has position 0 until a summary renews it: what an
 * event would add to the old state cannot make it right, so such a channel is as good as unknown.
 */
export function current(self: State, channel: ChannelId): ChannelRecord | undefined {
  const record = self.channels.get(channel);
  return record?.channel.pos === 0 ? undefined : record;
}

/** Changes memory at once and the store with the next transaction. */
export function change(self: State, parts: Partial<Change>): void {
  for (const [id, record] of parts.channels ?? []) {
    if (record === null) {
      self.channels.delete(id);
      self.windows.delete(id);
    } else {
      self.channels.set(id, record);
      self.changed(record.channel);
    }
    self.notify("channels");
    self.notify(`channel:${id}`);
  }
  for (const step of parts.messages ?? []) track(self, step);
  if (parts.cursor) self.cursor = parts.cursor;
  self.writer.add(parts);
}

function track(self: State, step: MessageStep): void {
  if ("wipe" in step) {
    for (const read of self.reads) read.steps.push(step);
    return;
  }
  const channel = "put" in step ? step.put.channel : step.cut;
  for (const read of self.reads) if (read.channel === channel) read.steps.push(step);
  const window = self.windows.get(channel);
  if (!window) return;
  const followed = follow(window, step);
  if (followed === window) return;
  self.windows.set(channel, followed);
  self.notify(`channel:${channel}`);
}
