/**
 * One store under several tabs. The leader writes everything. Another tab writes messages, which merge in any order,
 * and what it has to send; its own cursor and channels it only remembers: they may be behind what the leader has
 * stored, and a mix of both would skip events. When it becomes the leader, it stores them as soon as they are not
 * behind any more.
 */
import type {
  ChannelRecord,
  Change,
  Cursor,
  OutboxRecord,
  Snapshot,
  Store,
} from "@damso/sdk/store/port";
import { evict } from "./evict.ts";

export type Owner = {
  /** A name that stays over a reload, a dot, and something that does not. */
  tab: string;
  leads: () => boolean;
  settled: Promise<void>;
  alive: () => Promise<Set<string>>;
  /** The disk is not what this tab believes: it has to start anew. */
  renew: () => void;
};

export type SharedStore = Store & {
  gained: () => void;
  lost: () => void;
  /** Whether a tab that is gone has left something to send that nobody sends. */
  orphaned: () => Promise<boolean>;
};

type Tagged = OutboxRecord & { tab?: string };

type Self = {
  disk: Store;
  owner: Owner;
  writes: boolean;
  /** What is only remembered here. */
  cursor: Cursor | undefined;
  channels: Map<ChannelRecord["channel"]["id"], ChannelRecord | null>;
  /** The cursor on disk, which the own one has to reach; undefined when there is nothing to reach. */
  goal: Cursor | undefined;
  /** This tab wanted all messages gone, which only a leader does. */
  wiped: boolean;
  queue: Promise<void>;
};

export function sharedStore(disk: Store, owner: Owner): SharedStore {
  const self: Self = {
    disk,
    owner,
    writes: false,
    cursor: undefined,
    channels: new Map(),
    goal: undefined,
    wiped: false,
    queue: Promise.resolve(),
  };
  /** One after the other: a change must not overtake the taking over. */
  const inTurn = <T>(step: () => Promise<T>): Promise<T> => {
    const done = self.queue.then(step);
    self.queue = done.then(
      () => {},
      () => {},
    );
    return done;
  };
  return {
    load: () => inTurn(() => load(self)),
    messages: disk.messages,
    apply: (change) => inTurn(() => apply(self, change)),
    close: disk.close,
    destroy: disk.destroy,
    gained: () => void inTurn(() => takeOver(self)).catch(() => owner.renew()),
    lost: () => {
      self.writes = false;
      self.goal = undefined;
    },
    orphaned: async () => {
      const [{ outbox }, alive] = await Promise.all([disk.load(), owner.alive()]);
      return outbox.some(({ tab }: Tagged) => tab !== undefined && !alive.has(tab));
    },
  };
}

async function load(self: Self): Promise<Snapshot> {
  const { disk, owner } = self;
  await owner.settled;
  const first = owner.leads();
  const [read, alive] = [await disk.load(), await owner.alive()];
  // Whoever had the lead meanwhile may have written behind what was read; from now on nobody does.
  const leads = owner.leads();
  const found = leads && !first ? await disk.load() : read;
  const outbox = found.outbox.filter(({ tab }: Tagged) => {
    return tab === undefined || nameOf(tab) === nameOf(owner.tab) || !alive.has(tab);
  });
  if (outbox.length > 0) await disk.apply({ ...NOTHING, outbox: tagged(outbox, owner) });
  self.cursor = found.cursor;
  self.writes = leads;
  // A tab that begins as the leader is the only one: nobody else has read yet what is taken away here.
  const channels = first ? await evict(disk, found.channels) : found.channels;
  return { ...found, channels, outbox };
}

const NOTHING: Change = { channels: new Map(), messages: [], outbox: new Map() };

/** Each with the tab that sends it. */
function tagged(records: readonly OutboxRecord[], { tab }: Owner): Change["outbox"] {
  return new Map(records.map((record) => [record.client_id, { ...record, tab }]));
}

/** What of a tab's name stays over a reload. */
function nameOf(tab: string): string {
  return tab.slice(0, tab.lastIndexOf("."));
}

async function apply(self: Self, change: Change): Promise<void> {
  const kept = [...change.outbox.values()].filter((record) => record !== null);
  const outbox = new Map([...change.outbox, ...tagged(kept, self.owner)]);
  if (self.writes) return self.disk.apply({ ...change, outbox });
  const messages = change.messages.filter((step) => !("wipe" in step));
  // With nothing stored there was nothing to take away.
  self.wiped ||= messages.length < change.messages.length && self.cursor !== undefined;
  if (change.cursor) self.cursor = change.cursor;
  for (const [id, record] of change.channels) self.channels.set(id, record);
  if (messages.length + outbox.size > 0) {
    await self.disk.apply({ ...NOTHING, messages, outbox });
  }
  if (self.owner.leads() && self.goal !== undefined) await reach(self, self.goal);
}

async function takeOver(self: Self): Promise<void> {
  if (self.writes) return;
  if (self.wiped) return self.owner.renew();
  const { cursor } = await self.disk.load();
  // The earlier leader has stored nothing yet: there is nothing to reach.
  if (cursor === undefined) return store(self);
  self.goal = cursor;
  await reach(self, cursor);
}

/** Stores what was only remembered, once it is not behind what the earlier leader has stored. */
async function reach(self: Self, goal: Cursor): Promise<void> {
  const { cursor } = self;
  if (cursor === undefined || (cursor.id === goal.id && cursor.pos < goal.pos)) return;
  await store(self);
}

async function store(self: Self): Promise<void> {
  const { cursor, channels } = self;
  await self.disk.apply({ ...NOTHING, channels, ...(cursor && { cursor }) });
  self.channels = new Map();
  self.goal = undefined;
  self.writes = true;
}
