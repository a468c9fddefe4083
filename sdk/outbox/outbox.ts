/**
 * Messages on their way: kept in the store before they are sent, sent in order with the same `client_id` until the
 * server has answered for good. Rules D2, D3; invariants I4, I5. One unanswered send at a time and channel, in
 * `LANES_MAX` channels beside each other, unless `window` says otherwise; with a wider one, an interruption may change
 * the order.
 */
import type { ChannelId, ClientId, Message, Replies, Seq, UserId } from "@damso/protocol";
import { uuidV7 } from "@damso/protocol/ids";
import type { Pending, SendOptions, Sent } from "../api.ts";
import type { Emit, Notify } from "../client/events.ts";
import { backoff, random } from "../connection/backoff.ts";
import type { Requests } from "../connection/requests.ts";
import type { Environment } from "../environment.ts";
import { DamsoError } from "../errors.ts";
import type { OutboxRecord } from "../store/port.ts";
import type { Writer } from "../store/writer.ts";
import { withBody } from "../timeline/merge.ts";

/** More messages than this on their way: `queue_full`. */
const ENTRIES_MAX = 1000;
/** Channels that send beside each other: whoever is too fast with hundreds of them is refused that often and not more. */
const LANES_MAX = 3;

/** Said by this client and not by the server: they refuse no message. */
const OWN: ReadonlySet<string> = new Set(["stopped", "session_ended", "replaced", "queue_full"]);

export type OutboxWorld = Pick<Environment, "now" | "randomBytes"> & {
  user_id: UserId;
  /** Unanswered sends per channel. */
  window: number;
  call: Requests["call"];
  writer: Writer;
  emit: Emit;
  notify: Notify;
  pause: (ms: number) => Promise<void>;
  online: () => boolean;
  /** The newest message of the channel that the timeline has; undefined: the channel is not in the list. */
  head: (channel: ChannelId) => Seq | undefined;
};

type Entry = {
  record: OutboxRecord;
  /** In the store: from now on a restart finds it. */
  kept?: boolean;
  /** The server may have it: its outcome is unknown until it answers. */
  tried?: boolean;
  /** Who called `send`. */
  waiter?: { resolve: (sent: Sent) => void; reject: (error: DamsoError) => void };
};

type Pauses = { failures: number; paused: boolean };

type Self = OutboxWorld & {
  /** In the order of sending. */
  entries: Map<ClientId, Entry>;
  /** Of each channel, and of all of them after `rate_limited`: the server counts per device. */
  pauses: Map<ChannelId | "all", Pauses>;
  /** Of the newest message; Infinity until it is known what an earlier run has left. */
  order: number;
  /** No more sends, and why. */
  over?: DamsoError;
};

export type Outbox = {
  load: (records: readonly OutboxRecord[]) => void;
  sendSoon: (channel: ChannelId, body: string, options?: SendOptions) => Pending;
  send: (channel: ChannelId, body: string, options?: SendOptions) => Promise<Sent>;
  retry: (client_id: ClientId) => void;
  remove: (client_id: ClientId) => boolean;
  pending: (channel: ChannelId) => readonly Pending[];
  /**
   * A connection is there: everything that waits may go, and what was acknowledged and is not in the timeline yet. A server
   * that was put back to a backup does not have it; every other one stores it once.
   */
  resume: () => void;
  /** A message of the timeline; with its whole text where this device sent it. */
  arrived: (message: Message) => Message;
  /** Acknowledged messages of a channel that a reset has left behind or that is gone. */
  forget: (channel: ChannelId, upTo: number) => void;
  /** Rejects who waits, and everything from now on; what is queued stays stored. */
  end: (why: DamsoError) => void;
};

export function outbox(world: OutboxWorld): Outbox {
  const self: Self = {
    ...world,
    entries: new Map(),
    pauses: new Map(),
    order: Infinity,
  };
  return {
    load: (records) => load(self, records),
    sendSoon: (...message) => enter(self, message).record,
    send: (...message) =>
      new Promise((resolve, reject) => {
        enter(self, message).waiter = { resolve, reject };
      }),
    retry: (client_id) => retry(self, client_id),
    remove: (client_id) => remove(self, client_id),
    pending: (channel) => inChannel(self, channel).map(({ record }) => record),
    resume: () => {
      for (const entry of self.entries.values())
        if (entry.record.state === "sent") update(self, entry, { state: "waiting" });
      pump(self);
    },
    arrived: (message) => arrived(self, message),
    forget: (channel, upTo) => forget(self, channel, upTo),
    end: (why) => end(self, why),
  };
}

/** Whatever was queued since the start of the program comes after what an earlier run left, whatever the clock says. */
function load(self: Self, records: readonly OutboxRecord[]): void {
  const queued = [...self.entries.values()];
  self.entries.clear();
  self.order = records.at(-1)?.order ?? 0;
  for (const record of records) enqueue(self, { record, kept: true, tried: true });
  for (const entry of queued) queueLast(self, entry, entry.record);
}

function queueLast(self: Self, entry: Entry, record: OutboxRecord): void {
  entry.record = { ...record, order: nextOrder(self) };
  enqueue(self, entry);
  void keep(self, entry);
}

function enqueue(self: Self, entry: Entry): void {
  self.entries.set(entry.record.client_id, entry);
}

function inChannel(self: Self, channel: ChannelId): Entry[] {
  return [...self.entries.values()].filter(({ record }) => record.channel === channel);
}

function pauses(self: Self, of: ChannelId | "all"): Pauses {
  const known = self.pauses.get(of) ?? { failures: 0, paused: false };
  self.pauses.set(of, known);
  return known;
}

type NewMessage = [channel: ChannelId, body: string, options?: SendOptions | undefined];

function enter(self: Self, [channel, body, options]: NewMessage): Entry {
  if (self.over) throw self.over;
  if (self.entries.size >= ENTRIES_MAX) throw new DamsoError("queue_full");
  const now = self.now();
  const record: OutboxRecord = {
    ...options,
    client_id: uuidV7(now, self.randomBytes(10)),
    channel,
    body,
    created_at: new Date(now).toISOString(),
    state: "waiting",
    order: nextOrder(self),
  };
  const entry: Entry = { record };
  enqueue(self, entry);
  self.notify(`channel:${channel}`);
  if (self.order < Infinity) void keep(self, entry);
  return entry;
}

/** Rises over restarts too. */
function nextOrder(self: Self): number {
  self.order = Math.max(self.order + 1, self.now());
  return self.order;
}

/** Sent only once it is stored: what a person saw queued survives a reload. */
async function keep(self: Self, entry: Entry): Promise<void> {
  store(self, entry);
  await self.writer.flush();
  entry.kept = true;
  pump(self);
}

/** The oldest message first: where not all may go at once, no channel waits for ever. */
function pump(self: Self): void {
  if (self.over || pauses(self, "all").paused || !self.online()) return;
  const flying = [...self.entries.values()]
    .filter(({ record }) => record.state === "sending")
    .map(({ record }) => record.channel);
  const held = new Set<ChannelId>();
  for (const entry of self.entries.values()) {
    const { state, channel } = entry.record;
    if (state !== "waiting" || held.has(channel)) continue;
    if (flying.length >= LANES_MAX * self.window) return;
    const full = flying.filter((it) => it === channel).length >= self.window;
    // The order of the queue is the order of sending: nobody overtakes one that is still being stored.
    if (full || !entry.kept || pauses(self, channel).paused) held.add(channel);
    else {
      flying.push(channel);
      void fly(self, entry);
    }
  }
}

async function fly(self: Self, entry: Entry): Promise<void> {
  const { state: _, code: _c, seq: _s, order: _o, created_at: _a, ...message } = entry.record;
  // What counts as the head of a channel that is not in the list: the first message of a chat waits for its place there,
  // for any other none will follow.
  const unknown = entry.tried || self.head(message.channel) !== undefined ? Infinity : 0;
  entry.tried = true;
  update(self, entry, { state: "sending" });
  try {
    const reply = await self.call({ type: "send", ...message }, { once: true });
    answered(self, message.channel);
    if (reply.type === "sent") acknowledged(self, entry, reply, unknown);
  } catch (error) {
    if (!(error instanceof DamsoError)) throw error;
    refused(self, entry, error);
  }
  pump(self);
}

function answered(self: Self, channel: ChannelId): void {
  pauses(self, channel).failures = pauses(self, "all").failures = 0;
}

function acknowledged(self: Self, entry: Entry, sent: Replies["sent"], unknown: number): void {
  const { channel, seq } = sent;
  answerWaiter(entry, sent);
  if (!here(self, entry)) return;
  // A reset can have passed its place in the feed, or the channel was left: then nothing will follow.
  if ((self.head(channel) ?? unknown) >= seq) drop(self, entry);
  else update(self, entry, { state: "sent", seq });
}

function answerWaiter({ waiter, record }: Entry, place: Message | Replies["sent"]): void {
  const { channel, client_id } = record;
  const { seq, message_id, created_at } = place;
  waiter?.resolve({ channel, client_id, seq, message_id, created_at });
}

/** Every failure that is not for good puts the message back to where it stands in the queue. */
function refused(self: Self, entry: Entry, error: DamsoError): void {
  if (!here(self, entry)) return;
  if (!error.retry && !OWN.has(error.code)) return failed(self, entry, error);
  update(self, entry, { state: "waiting" });
  // After a broken connection the next one resumes everything.
  if (error.code === "disconnected") return;
  const whose = error.code === "rate_limited" ? "all" : entry.record.channel;
  void rest(self, pauses(self, whose), error.retry_after_ms ?? 0);
}

async function rest(self: Self, whose: Pauses, ms: number): Promise<void> {
  if (whose.paused) return;
  whose.paused = true;
  await self.pause(ms + backoff(whose.failures++, random(self)));
  whose.paused = false;
  pump(self);
}

function failed(self: Self, entry: Entry, error: DamsoError): void {
  // A refusal is an answer.
  answered(self, entry.record.channel);
  if (entry.waiter) {
    // Whoever waits for `send` is told: nothing is left to show.
    drop(self, entry);
    return entry.waiter.reject(error);
  }
  entry.tried = false;
  update(self, entry, { state: "failed", code: error.code });
  store(self, entry);
}

function retry(self: Self, client_id: ClientId): void {
  const entry = self.entries.get(client_id);
  if (entry?.record.state !== "failed") return;
  const { code: _, ...record } = entry.record;
  drop(self, entry);
  entry.kept = false;
  queueLast(self, entry, { ...record, state: "waiting" });
}

function remove(self: Self, client_id: ClientId): boolean {
  const entry = self.entries.get(client_id);
  if (!entry || (entry.tried && entry.record.state !== "failed")) return false;
  drop(self, entry);
  entry.waiter?.reject(new DamsoError("stopped"));
  return true;
}

/** The message in the feed or a page is an answer too, whichever comes first. */
function arrived(self: Self, message: Message): Message {
  // System messages have none.
  const entry = self.entries.get(message.client_id as ClientId);
  if (entry?.record.channel !== message.channel || message.sender_id !== self.user_id)
    return message;
  const { body } = entry.record;
  drop(self, entry);
  answerWaiter(entry, message);
  pump(self);
  return message.truncated && message.edited_at === undefined ? withBody(message, body) : message;
}

function forget(self: Self, channel: ChannelId, upTo: number): void {
  for (const entry of inChannel(self, channel)) {
    const { state, seq = 0 } = entry.record;
    if (state === "sent" && seq <= upTo) drop(self, entry);
  }
}

function end(self: Self, why: DamsoError): void {
  self.over = why;
  for (const { waiter } of self.entries.values()) waiter?.reject(why);
}

function store(self: Self, entry: Entry, kept: OutboxRecord | null = entry.record): void {
  self.writer.add({ outbox: new Map([[entry.record.client_id, kept]]) });
}

function here(self: Self, entry: Entry): boolean {
  return self.entries.get(entry.record.client_id) === entry;
}

function update(self: Self, entry: Entry, parts: Partial<Pending>): void {
  entry.record = { ...entry.record, ...parts };
  self.notify(`channel:${entry.record.channel}`);
}

function drop(self: Self, entry: Entry): void {
  const { client_id, channel } = entry.record;
  self.entries.delete(client_id);
  store(self, entry, null);
  self.notify(`channel:${channel}`);
}
