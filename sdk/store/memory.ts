/** A store that forgets with the process: for bots, tests, and browsers that refuse IndexedDB. */
import type { ChannelId, ClientId, Message, Seq } from "@damso/protocol";
import { mergeMessage } from "../timeline/merge.ts";
import type { Change, ChannelRecord, Cursor, MessageStep, OutboxRecord, Store } from "./port.ts";

/** What a memory store holds; pass the same one twice to play a restart. */
export type MemoryTables = {
  cursor: Cursor | undefined;
  channels: Map<ChannelId, ChannelRecord>;
  messages: Map<ChannelId, Map<Seq, Message>>;
  outbox: Map<ClientId, OutboxRecord>;
};

export function memoryTables(): MemoryTables {
  return { cursor: undefined, channels: new Map(), messages: new Map(), outbox: new Map() };
}

/** Messages per channel that a process remembers at least. */
const KEEP = 500;

export function memoryStore(tables: MemoryTables = memoryTables(), keep: number = KEEP): Store {
  return {
    keep,
    load: async () => ({
      cursor: tables.cursor,
      channels: [...tables.channels.values()],
      outbox: [...tables.outbox.values()].sort((a, b) => a.order - b.order),
    }),
    messages: async (channel, from, to) => stretch(tables, channel, from, to),
    apply: async (change) => applyTo(tables, change),
    close: async () => {},
    destroy: async () => Object.assign(tables, memoryTables()) && undefined,
  };
}

function applyTo(tables: MemoryTables, change: Change): void {
  if (change.cursor) tables.cursor = change.cursor;
  for (const step of change.messages) takeStep(tables, step);
  for (const [id, record] of change.channels) replace(tables.channels, id, record);
  for (const [id, record] of change.outbox) replace(tables.outbox, id, record);
}

function replace<K, V>(table: Map<K, V>, key: K, value: V | null): void {
  if (value === null) table.delete(key);
  else table.set(key, value);
}

function takeStep(tables: MemoryTables, step: MessageStep): void {
  if ("wipe" in step) return tables.messages.clear();
  const id = "put" in step ? step.put.channel : step.cut;
  const rows = tables.messages.get(id) ?? new Map<Seq, Message>();
  if ("put" in step) {
    rows.set(step.put.seq, mergeMessage(rows.get(step.put.seq), step.put));
    tables.messages.set(id, rows);
  } else {
    for (const seq of rows.keys()) if (step.from <= seq && seq <= step.to) rows.delete(seq);
  }
  if (rows.size === 0) tables.messages.delete(id);
}

function stretch(tables: MemoryTables, channel: ChannelId, from: Seq, to: Seq): Message[] {
  return [...(tables.messages.get(channel)?.values() ?? [])]
    .filter(({ seq }) => from <= seq && seq <= to)
    .sort((a, b) => a.seq - b.seq);
}
