/**
 * Group commit into the store: while one transaction runs, later changes pile up and become the next one.
 * A pile is taken in a microtask, so whatever one event changes (cursor, message, outbox) lands in one transaction.
 */
import { DamsoError } from "../errors.ts";
import type { Change, Cursor, Store } from "./port.ts";

/** Beyond this many message steps in the pile, `full` tells the timeline to stop taking live events (I20). */
const STEPS_MAX = 5000;

export type Writer = {
  add: (change: Partial<Change>) => void;
  /** Resolves when everything added so far is stored, or when the store has failed. */
  flush: () => Promise<void>;
  full: () => boolean;
  broken: () => boolean;
};

type Told = {
  /** The cursor of a transaction that is now stored. */
  stored: (cursor: Cursor) => void;
  /** Told once. From then on nothing is stored: the next start resumes from the last good transaction. */
  failed: (error: DamsoError) => void;
};

type Self = Told & {
  store: Store;
  pile: Change;
  running: Promise<void> | undefined;
  broken: boolean;
};

export function writer(store: Store, told: Told): Writer {
  const self: Self = { ...told, store, pile: emptyChange(), running: undefined, broken: false };
  return {
    add: (change) => {
      if (self.broken) return;
      pileUp(self.pile, change);
      self.running ??= write(self);
    },
    flush: async () => {
      await self.running;
      // What piled up meanwhile is the next transaction; what comes later is not waited for.
      await self.running;
    },
    broken: () => self.broken,
    full: () => self.pile.messages.length > STEPS_MAX,
  };
}

function emptyChange(): Change {
  return { channels: new Map(), messages: [], outbox: new Map() };
}

function pileUp(pile: Change, change: Partial<Change>): void {
  if (change.cursor) pile.cursor = change.cursor;
  for (const [id, record] of change.channels ?? []) pile.channels.set(id, record);
  for (const step of change.messages ?? []) pile.messages.push(step);
  for (const [id, record] of change.outbox ?? []) pile.outbox.set(id, record);
}

async function write(self: Self): Promise<void> {
  // Whoever called `add` finishes its step first.
  await Promise.resolve();
  const change = self.pile;
  self.pile = emptyChange();
  try {
    await self.store.apply(change);
    if (change.cursor) self.stored(change.cursor);
  } catch (error) {
    self.broken = true;
    self.pile = emptyChange();
    self.failed(new DamsoError("store_failed", String(error)));
  }
  const more =
    self.pile.cursor ||
    self.pile.messages.length + self.pile.channels.size + self.pile.outbox.size > 0;
  self.running = more ? write(self) : undefined;
}
