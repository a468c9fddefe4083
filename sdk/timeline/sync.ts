/**
 * Catching up. Rules D15, D17: one sync at a time, repeated while `local < known`; a reset starts again from the
 * head with the channel list, and what is not in the list is gone.
 */
import type { ChannelId, FeedEvent, Pos, Replies } from "@damso/protocol";
import { DamsoError } from "../errors.ts";
import type { Change } from "../store/port.ts";
import { applyEvent, applySummary, left } from "./apply.ts";
import { admit } from "./gap.ts";
import { reload } from "./history.ts";
import { change } from "./state.ts";
import type { State } from "./state.ts";

type EventsPage = Pick<Replies["events"], "feed" | "events" | "more" | "reset">;

const PAGE = 500;
const CHANNELS_PAGE = 100;
/** After an answer that brings nothing new, or a refusal without a time. */
const PAUSE_MS = 1000;

/** The first page of a connection. */
export function takeWelcome(self: State, welcome: EventsPage): void {
  takePage(self, welcome);
  void catchUp(self);
}

/** A pushed event, of a type known or not. */
export function takeEvent(self: State, event: FeedEvent): void {
  takeEvents(self, [event], true);
  void catchUp(self);
  void loadChannels(self);
}

/** The server says that this device is behind. */
export function takeHead(self: State, pos: Pos): void {
  self.known = Math.max(self.known, pos);
  void catchUp(self);
}

function takePage(self: State, page: EventsPage): void {
  const { cursor } = self;
  const { feed, events, reset = false } = page;
  if (reset || cursor?.id !== feed.id) {
    startAnew(self, feed);
    if (cursor) self.emit("reset", { head: feed.head });
  } else {
    takeEvents(self, events, false);
  }
  self.known = Math.max(self.known, feed.head);
  void loadChannels(self);
}

function takeEvents(self: State, events: readonly FeedEvent[], live: boolean): void {
  const { cursor } = self;
  if (!cursor) return;
  const { gap, next } = admit({ local: cursor.pos, known: self.known }, events);
  self.known = gap.known;
  // The store is behind: what is dropped here is fetched by the sync that follows.
  if (live && self.writer.full()) return;
  for (const event of next) applyEvent(self, self.cursor ?? cursor, event, live);
}

/** Nothing stored can be trusted to be current: messages go, channels wait for the list. */
function startAnew(self: State, feed: EventsPage["feed"]): void {
  const channels: Change["channels"] = new Map();
  for (const [id, { channel }] of self.channels) {
    channels.set(id, { channel: { ...channel, pos: 0 }, ranges: [] });
  }
  self.resets++;
  self.left.clear();
  self.missed.clear();
  self.known = feed.head;
  const cursor = { id: feed.id, pos: feed.head, partial: true };
  change(self, { cursor, channels, messages: [{ wipe: true }] });
}

function catchUp(self: State): Promise<void> {
  return (self.syncing ??= readEvents(self).finally(() => (self.syncing = undefined)));
}

async function readEvents(self: State): Promise<void> {
  while (self.cursor && self.cursor.pos < self.known && self.online()) {
    const { id, pos } = self.cursor;
    // One page in memory at a time.
    await self.writer.flush();
    const wait = await attempt(async () => {
      const reply = await self.call(
        { type: "sync", feed: { id, pos }, limit: PAGE },
        { once: true },
      );
      if (reply.type === "events") takePage(self, reply);
    });
    const stuck = self.cursor.id === id && self.cursor.pos === pos;
    if (stuck && self.online()) await self.pause(wait ?? PAUSE_MS);
  }
}

/** Undefined when it went well, else how long to wait. What is no refusal of the world is a bug and is thrown. */
async function attempt(work: () => Promise<void>): Promise<number | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof DamsoError)) throw error;
    return Math.max(PAUSE_MS, error.retry_after_ms ?? 0);
  }
}

/** Loads the channel list where it is missing; a broken connection leaves it for the next welcome. */
async function loadChannels(self: State): Promise<void> {
  if (self.listing) return;
  self.listing = true;
  const due = (): boolean => self.cursor?.partial === true && self.online();
  while (due()) {
    const wait = await attempt(() => reloadChannels(self));
    if (due()) await self.pause(wait ?? PAUSE_MS);
  }
  self.listing = false;
}

/** Leaves the list as partial where it has to be read again. */
async function reloadChannels(self: State): Promise<void> {
  const { resets } = self;
  self.missed.clear();
  const newest = await readList(self);
  // Another reset came in between: what was read before it is worth nothing.
  if (self.resets !== resets) return;
  self.known = Math.max(self.known, newest);
  // A channel that moved to the front of the list meanwhile was missed, and an event that came before its summary
  // was not applied: both have been named.
  await catchUp(self);
  await reload(self);
  if (self.resets === resets && self.missed.size === 0 && self.online()) finish(self);
}

/** The newest position that a summary was read at. */
async function readList(self: State): Promise<Pos> {
  const { resets } = self;
  let newest = 0;
  let cursor: string | undefined;
  do {
    await self.writer.flush();
    const reply = await self.call(
      { type: "channels", limit: CHANNELS_PAGE, ...(cursor && { cursor }) },
      { once: true },
    );
    if (reply.type !== "channel_list" || self.resets !== resets) break;
    for (const summary of reply.channels) {
      applySummary(self, summary);
      newest = Math.max(newest, summary.pos);
    }
    cursor = reply.cursor;
  } while (cursor);
  return newest;
}

/** The list is complete: what is not in it is gone. */
function finish(self: State): void {
  const { cursor } = self;
  if (!cursor) return;
  const gone: ChannelId[] = [];
  for (const [id, { channel }] of self.channels) if (channel.pos === 0) gone.push(id);
  change(self, {
    cursor: { id: cursor.id, pos: cursor.pos },
    channels: new Map(gone.map((id) => [id, null])),
    messages: gone.map((cut) => ({ cut, from: 1, to: Infinity })),
  });
  for (const id of gone) left(self, id, "left");
}
