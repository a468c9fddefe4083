import { expect, test } from "bun:test";
import type { FeedId } from "@damso/protocol";
import { memoryStore, memoryTables } from "@damso/sdk/store/memory";
import type { Change, ChannelRecord, OutboxRecord } from "@damso/sdk/store/port";
import { channelOf, groupId, messageOf } from "@damso/sdk/testing/records";
import { settle } from "../../testing/context.ts";
import { evict } from "./evict.ts";
import type { Owner, SharedStore } from "./store.ts";
import { sharedStore } from "./store.ts";

const group = groupId(1);
const id = "feed" as FeedId;

function change(parts: Partial<Change>): Change {
  return { channels: new Map(), messages: [], outbox: new Map(), ...parts };
}

function record(pos: number, ranges: ChannelRecord["ranges"] = []): ChannelRecord {
  return { channel: { ...channelOf(group), pos }, ranges };
}

const at = (pos: number): Change =>
  change({ cursor: { id, pos }, channels: new Map([[group, record(pos)]]) });

type Tab = { store: SharedStore; lead: () => void; renewed: () => number };

function open(tables: ReturnType<typeof memoryTables>, tab: string, alive: string[] = []): Tab {
  let leads = false;
  let renewals = 0;
  const owner: Owner = {
    tab,
    leads: () => leads,
    settled: Promise.resolve(),
    alive: async () => new Set([tab, ...alive]),
    renew: () => (renewals += 1),
  };
  const store = sharedStore(memoryStore(tables), owner);
  const lead = (): void => {
    leads = true;
    store.gained();
  };
  return { store, lead, renewed: () => renewals };
}

function waiting(client_id: string): OutboxRecord {
  const created_at = "2026-01-01T00:00:00.000Z";
  const pending = { client_id, channel: group, body: client_id, created_at };
  return { ...pending, state: "waiting", order: 1 } as OutboxRecord;
}

test("[I2] a tab that is behind the disk writes only once it has caught up", async () => {
  const tables = memoryTables();
  await memoryStore(tables).apply(at(3));
  const { store, lead } = open(tables, "b.1");
  await store.load();
  await store.apply(at(4));
  expect(tables.cursor?.pos).toBe(3);
  await memoryStore(tables).apply(at(6));
  lead();
  await settle();
  expect(tables.cursor?.pos).toBe(6);
  await store.apply(at(5));
  expect(tables.cursor?.pos).toBe(6);
  await store.apply(at(7));
  expect([tables.cursor?.pos, tables.channels.get(group)?.channel.pos]).toEqual([7, 7]);
});

test("what a tab gets and has to send is on disk at once, whoever leads", async () => {
  const tables = memoryTables();
  await memoryStore(tables).apply(at(3));
  const { store } = open(tables, "b.1");
  await store.load();
  const message = messageOf(group, 1);
  const record = waiting("m1");
  await store.apply(
    change({ messages: [{ put: message }], outbox: new Map([[record.client_id, record]]) }),
  );
  expect(await store.messages(group, 1, 1)).toEqual([message]);
  expect([...tables.outbox.keys()]).toEqual([record.client_id]);
});

test("a tab takes what was left by itself and by those that are gone, not what another one sends", async () => {
  const tables = memoryTables();
  const leave = async (tab: string, name: string): Promise<void> => {
    const { store } = open(tables, tab, ["a.1", "b.1", "c.1"]);
    await store.load();
    const record = waiting(name);
    await store.apply(change({ outbox: new Map([[record.client_id, record]]) }));
  };
  await leave("a.1", "own");
  await leave("b.1", "others");
  await leave("c.1", "orphan");
  const { store } = open(tables, "a.2", ["b.1"]);
  const { outbox } = await store.load();
  expect(outbox.map(({ body }) => body).toSorted()).toEqual(["orphan", "own"]);
  expect(await store.orphaned()).toBe(false);
  const later = open(tables, "d.1", ["a.2"]);
  expect(await later.store.orphaned()).toBe(true);
});

test("a tab that wanted everything gone starts anew when it leads", async () => {
  const tables = memoryTables();
  await memoryStore(tables).apply(at(3));
  const { store, lead, renewed } = open(tables, "b.1");
  await store.load();
  await store.apply(change({ cursor: { id, pos: 9 }, messages: [{ wipe: true }] }));
  lead();
  await settle();
  expect(renewed()).toBe(1);
  expect(tables.cursor?.pos).toBe(3);
});

test("of every channel the newest messages stay, and what is cut is not believed to be there", async () => {
  const tables = memoryTables();
  const disk = memoryStore(tables);
  const messages = Array.from({ length: 30 }, (_, index) => ({ put: messageOf(group, index + 1) }));
  const kept = record(1, [
    [1, 4],
    [10, 30],
  ]);
  await disk.apply(change({ messages, channels: new Map([[group, kept]]) }));
  const [left] = await evict(disk, [kept], 12);
  expect(left?.ranges).toEqual([[19, 30]]);
  expect((await disk.messages(group, 1, 30)).map(({ seq }) => seq)[0]).toBe(19);
  expect(tables.channels.get(group)?.ranges).toEqual([[19, 30]]);
  const same = await evict(disk, [left as ChannelRecord], 12);
  expect(same).toEqual([left as ChannelRecord]);
});
