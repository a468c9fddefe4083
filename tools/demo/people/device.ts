/** One device of one person: the SDK on a network that can be cut, and a store that can be looked into. */
import type { ChannelId, ClientId, Message, Seq } from "@damso/protocol";
import { createClient, DamsoError } from "@damso/sdk";
import type { Client, SendOptions, Session, Store } from "@damso/sdk";
import { memoryStore, memoryTables } from "@damso/sdk/store/memory";
import type { MemoryTables } from "@damso/sdk/store/memory";
import type { DeviceKind, Edit, Place, Send } from "../check/evidence.ts";
import { random, seedFor } from "../random.ts";
import type { Random } from "../random.ts";
import { notes } from "./notes.ts";
import type { Notes, Texts } from "./notes.ts";
import { wire } from "./wire.ts";
import type { Wire } from "./wire.ts";

/** Messages of others that a person may still react to. */
const RECENT = 20;

/** A send as its device knows it; the network's side of it is in the notes. */
export type Sending = Omit<Send, "transmitted" | "answers">;

export type Device = {
  name: string;
  kind: DeviceKind;
  random: Random;
  session: Session;
  /** What outlives a restart of the app. */
  tables: MemoryTables;
  notes: Notes;
  wire: Wire;
  chat: Client;
  sends: Sending[];
  edits: Edit[];
  applied: Map<ChannelId, Seq[]>;
  /** Where own messages stand, as the app was told: the answer to what an earlier run of the app has sent. */
  own: Map<ClientId, Place>;
  recent: Map<ChannelId, Message[]>;
  /** The furthest that this person asked to have read. */
  read: Map<ChannelId, Seq>;
  bodies: { channel: ChannelId; seq: Seq; body: string }[];
  /** When the client said that it will not connect again, in ms since 1970. */
  ended_at: number | undefined;
};

export type DeviceOptions = {
  name: string;
  kind: DeviceKind;
  seed: number;
  session: Session;
  texts: Texts;
};

export function device({ name, kind, seed, session, texts }: DeviceOptions): Device {
  const chance = random(seedFor(seed, name));
  const noted = notes(texts);
  const tables = memoryTables();
  const network = wire(chance, noted);
  const self: Device = {
    name,
    kind,
    random: chance,
    session,
    tables,
    notes: noted,
    wire: network,
    chat: createClient({ session, store: storeOf(tables), environment: network.environment }),
    sends: [],
    edits: [],
    applied: new Map(),
    own: new Map(),
    recent: new Map(),
    read: new Map(),
    bodies: [],
    ended_at: undefined,
  };
  listen(self);
  return self;
}

/** In memory, and without the bound that a store in memory has: what is compared in the end is everything. */
function storeOf(tables: MemoryTables): Store {
  const { keep: _, ...store } = memoryStore(tables);
  return store;
}

/** The app is started again: what its store kept is all that it knows. */
export async function restart(self: Device): Promise<void> {
  const { session, tables, wire } = self;
  const { environment } = wire;
  self.chat = createClient({ session, store: storeOf(tables), environment });
  listen(self);
  await self.chat.start();
}

function listen(self: Device): void {
  const { chat } = self;
  chat.on("session", (session) => (self.session = session));
  chat.on("message", ({ channel, message }) => {
    listOf(self.applied, channel).push(message.seq);
    noteOwn(self, message);
    const recent = listOf(self.recent, channel);
    if (message.kind === "text") recent.push(message);
    if (recent.length > RECENT) recent.shift();
  });
  chat.on("state", ({ name }) => {
    if (name === "closed") self.ended_at ??= Date.now();
  });
}

function noteOwn(
  self: Device,
  { client_id, sender_id, seq, message_id, created_at }: Message,
): void {
  if (client_id === undefined || sender_id !== self.session.user_id) return;
  self.own.set(client_id, { seq, message_id, created_at });
}

export function listOf<K, T>(lists: Map<K, T[]>, key: K): T[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

/** Sends and notes what becomes of it; a refusal is an answer too. */
export async function say(
  self: Device,
  channel: ChannelId,
  body: string,
  options: SendOptions = {},
): Promise<Place | undefined> {
  const seen = self.chat.channel(channel)?.head ?? 0;
  const answer = self.chat.send(channel, body, options);
  const client_id = self.chat.pending(channel).at(-1)?.client_id;
  // A client that has ended takes nothing more: there is no send to note.
  if (client_id === undefined || self.sends.some((send) => send.client_id === client_id))
    return answer;
  const sending: Sending = {
    device: self.name,
    user_id: self.session.user_id,
    channel,
    client_id,
    body,
    order: self.sends.length,
    seen,
  };
  if (options.reply_to !== undefined) sending.reply_to = options.reply_to;
  self.sends.push(sending);
  try {
    const { seq, message_id, created_at } = await answer;
    sending.sent = { seq, message_id, created_at };
  } catch (error) {
    if (!(error instanceof DamsoError)) throw error;
    // It was not refused: the app was stopped, and what it queued is sent by the next run.
    if (error.code !== "stopped") sending.refused = error.code;
  }
  return sending.sent;
}

/** Changes a text, which from then on may be seen by those who may see the message. */
export async function correct(
  self: Device,
  channel: ChannelId,
  seq: Seq,
  body: string,
): Promise<void> {
  const head = self.chat.channel(channel)?.head ?? 0;
  const edit: Edit = { device: self.name, channel, seq, body, head };
  self.edits.push(edit);
  await self.chat.edit(channel, seq, body);
}

export function readUpTo(self: Device, channel: ChannelId, seq: Seq): void {
  self.read.set(channel, Math.max(seq, self.read.get(channel) ?? 0));
  self.chat.read(channel, seq);
}
