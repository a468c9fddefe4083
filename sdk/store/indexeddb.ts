/** The store of browsers: one IndexedDB database per account and device. Source: W3C Indexed Database API 3.0. */
import type { ChannelId, Message, Seq } from "@damso/protocol";
import { mergeMessage } from "../timeline/merge.ts";
import type { Database, Factory, KeyRanges, Request, Transaction } from "./indexeddb-types.ts";
import type { Change, ChannelRecord, Cursor, MessageStep, OutboxRecord, Store } from "./port.ts";

const META = "meta";
const CHANNELS = "channels";
const MESSAGES = "messages";
const OUTBOX = "outbox";
const TABLES: string[] = [META, CHANNELS, MESSAGES, OUTBOX];

export type IndexedDb = { factory: Factory; ranges: KeyRanges };

/** Opens or creates the database. Rejects where the browser refuses one, as some private windows do. */
export async function indexedDbStore(idb: IndexedDb, name: string): Promise<Store> {
  const database = await openDatabase(idb.factory, name);
  const between = (channel: ChannelId, from: Seq, to: Seq) =>
    idb.ranges.bound([channel, from], [channel, to]);
  return {
    load: async () => {
      const read = database.transaction(TABLES, "readonly");
      const [cursor, channels, outbox] = await Promise.all([
        settled<Cursor | undefined>(read.objectStore(META).get("cursor")),
        settled<ChannelRecord[]>(read.objectStore(CHANNELS).getAll()),
        settled<OutboxRecord[]>(read.objectStore(OUTBOX).getAll()),
      ]);
      return { cursor, channels, outbox: outbox.sort((a, b) => a.order - b.order) };
    },
    messages: (channel, from, to) => {
      const table = database.transaction([MESSAGES], "readonly").objectStore(MESSAGES);
      return settled<Message[]>(table.getAll(between(channel, from, to)));
    },
    apply: async (change) => {
      const write = database.transaction(TABLES, "readwrite");
      const done = committed(write);
      // A failed request aborts the transaction by itself, a value that cannot be stored does not.
      await Promise.all([done, writeChange(write, change, between).catch(() => abort(write))]);
    },
    close: async () => database.close(),
    destroy: async () => {
      database.close();
      await settled(idb.factory.deleteDatabase(name));
    },
  };
}

function openDatabase(factory: Factory, name: string): Promise<Database> {
  const opening = factory.open(name, 1);
  opening.onupgradeneeded = () => {
    const database = opening.result;
    database.createObjectStore(META);
    database.createObjectStore(CHANNELS, { keyPath: "channel.id" });
    database.createObjectStore(MESSAGES, { keyPath: ["channel", "seq"] });
    database.createObjectStore(OUTBOX, { keyPath: "client_id" });
  };
  return settled(opening).then((database) => {
    // Another tab deletes or upgrades the database: an open connection would block it for ever.
    database.onversionchange = () => database.close();
    return database;
  });
}

type Between = (channel: ChannelId, from: Seq, to: Seq) => unknown;

async function writeChange(write: Transaction, change: Change, between: Between): Promise<void> {
  const put = (table: string, records: Map<string, object | null>): void => {
    const rows = write.objectStore(table);
    for (const [key, record] of records) {
      if (record === null) rows.delete(key);
      else rows.put(record);
    }
  };
  if (change.cursor) write.objectStore(META).put(change.cursor, "cursor");
  put(CHANNELS, change.channels);
  put(OUTBOX, change.outbox);
  const rows = write.objectStore(MESSAGES);
  for (const run of inRuns(change.messages)) {
    if ("wipe" in run) rows.clear();
    else if ("cut" in run) rows.delete(between(run.cut, run.from, run.to));
    else await putAll(write, run.puts);
  }
}

type Run = Exclude<MessageStep, { put: Message }> | { puts: Map<string, Message> };

/** Neighbouring puts as one step, merged per message: they are read and written together. */
function inRuns(steps: readonly MessageStep[]): Run[] {
  const runs: Run[] = [];
  for (const step of steps) {
    if (!("put" in step)) {
      runs.push(step);
      continue;
    }
    let run = runs.at(-1);
    if (!run || !("puts" in run)) runs.push((run = { puts: new Map() }));
    const key = `${step.put.channel} ${step.put.seq}`;
    run.puts.set(key, mergeMessage(run.puts.get(key), step.put));
  }
  return runs;
}

async function putAll(write: Transaction, puts: Map<string, Message>): Promise<void> {
  const rows = write.objectStore(MESSAGES);
  const merged = [...puts.values()].map(async (message) => {
    const stored = await settled<Message | undefined>(rows.get([message.channel, message.seq]));
    rows.put(mergeMessage(stored, message));
  });
  await Promise.all(merged);
}

function settled<T>(request: Request<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function abort(transaction: Transaction): void {
  try {
    transaction.abort();
  } catch {
    // It was aborted before: `committed` tells the reason.
  }
}

function committed(transaction: Transaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
  });
}
