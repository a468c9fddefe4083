/** Pages of a channel: from the store where it has no hole, else from the server. */
import type { ChannelId, Message, Replies, Reply, Seq } from "@damso/protocol";
import type { HistoryQuery, Page } from "../api.ts";
import { putNewest } from "@damso/protocol/bounded";
import { DamsoError, isUnborn } from "../errors.ts";
import type { ChannelRecord, MessageStep } from "../store/port.ts";
import { floorOf } from "./fold.ts";
import { cover, rangeAt } from "./ranges.ts";
import { change, current } from "./state.ts";
import type { Read, State } from "./state.ts";
import { follow, join } from "./window.ts";
import type { Window } from "./window.ts";

const LIMIT = 50;
/** Channels whose messages are held in memory; the one read longest ago is let go. */
const WINDOWS_MAX = 20;

/** The page, which also joins or replaces the channel's window. */
export async function history(
  self: State,
  channel: ChannelId,
  query: HistoryQuery = {},
): Promise<Page> {
  const page = await during(
    self,
    channel,
    async (read) =>
      (await fromStore(self, channel, query)) ?? (await fromServer(self, read, query)),
  );
  show(self, channel, join(self.windows.get(channel), page));
  return paged(self, channel, page);
}

/** Reads a page; what happens to the channel meanwhile happens to the page, after a reset it is read again. */
async function during(
  self: State,
  channel: ChannelId,
  load: (read: Read) => Promise<Window>,
): Promise<Window> {
  const read: Read = { channel, steps: [] };
  self.reads.add(read);
  try {
    const page = await load(read);
    if (isOutdated(read)) return await during(self, channel, load);
    return read.steps.reduce(follow, page);
  } finally {
    self.reads.delete(read);
  }
}

/** A reset came in between: the page may be from before it. */
function isOutdated({ steps }: Read): boolean {
  return steps.some((step) => "wipe" in step);
}

/** The window of a channel as a page. */
export function windowPage(self: State, channel: ChannelId): Page {
  const window = self.windows.get(channel);
  if (window) return paged(self, channel, window);
  const record = self.channels.get(channel);
  const some = record !== undefined && record.channel.head >= floorOf(record.channel);
  return { messages: [], more_before: some, more_after: false };
}

/** After a reset the windows are fetched anew: what they show may have changed unseen. */
export async function reload(self: State): Promise<void> {
  const shown = [...self.windows.keys()];
  for (const channel of shown) {
    if (!current(self, channel)) continue;
    show(self, channel, await during(self, channel, (read) => fromServer(self, read, {})));
  }
}

/** The message with its whole text: from window, store or server. */
export async function fullBody(
  self: State,
  channel: ChannelId,
  seq: Seq,
  load: () => Promise<Message>,
): Promise<Message> {
  const whole = (message: Message | undefined): boolean =>
    message !== undefined && message.truncated !== true;
  const shown = self.windows.get(channel)?.messages.find((m) => m.seq === seq);
  if (shown && whole(shown)) return shown;
  const { messages } = await during(self, channel, async () => {
    await self.writer.flush();
    const [stored] = await self.store.messages(channel, seq, seq).catch((): Message[] => []);
    return { from: seq, to: seq, messages: [stored && whole(stored) ? stored : await load()] };
  });
  const found = messages.find((m) => m.seq === seq);
  // It was hidden meanwhile.
  if (!found) throw new DamsoError("not_found");
  if (current(self, channel)) change(self, { messages: [{ put: found }] });
  return found;
}

function show(self: State, channel: ChannelId, window: Window): void {
  putNewest(self.windows, channel, window, WINDOWS_MAX);
  self.notify(`channel:${channel}`);
}

function paged(self: State, channel: ChannelId, { from, to, messages }: Window): Page {
  const record = self.channels.get(channel);
  if (!record) return { messages, more_before: false, more_after: false };
  const { head } = record.channel;
  return { messages, more_before: from > floorOf(record.channel), more_after: to < head };
}

/** Undefined where the store has a hole; offline it answers as far as it goes. */
async function fromStore(
  self: State,
  channel: ChannelId,
  query: HistoryQuery,
): Promise<Window | undefined> {
  const record = self.channels.get(channel);
  // A store that has failed does not hold what memory believes it to hold.
  if (!record || self.writer.broken()) return undefined;
  const [from, to] = stretch(record, query);
  if (from > to) return { from, to, messages: [] };
  const covered = "after" in query ? rangeAt(record.ranges, from) : rangeAt(record.ranges, to);
  if (!covered) return undefined;
  const [low, high] = [Math.max(from, covered[0]), Math.min(to, covered[1])];
  if ((low > from || high < to) && self.online()) return undefined;
  await self.writer.flush();
  const messages = await self.store.messages(channel, low, high).catch(() => undefined);
  return messages && { from: low, to: high, messages };
}

/** The seqs that the query asks for, cut to what the channel has. */
function stretch({ channel }: ChannelRecord, query: HistoryQuery): [from: Seq, to: Seq] {
  const { limit = LIMIT } = query;
  const floor = floorOf(channel);
  const start = "after" in query ? query.after + 1 : aroundFrom(query, limit);
  if (start !== undefined) {
    const from = Math.max(floor, start);
    return [from, Math.min(channel.head, from + limit - 1)];
  }
  const to = "before" in query ? Math.min(channel.head, query.before - 1) : channel.head;
  return [Math.max(floor, to - limit + 1), to];
}

function aroundFrom(query: HistoryQuery, limit: number): Seq | undefined {
  return "around" in query ? query.around - Math.floor(limit / 2) : undefined;
}

async function fromServer(self: State, read: Read, query: HistoryQuery): Promise<Window> {
  const { channel } = read;
  const ask = { type: "history", channel, limit: LIMIT, ...query } as const;
  let reply: Reply;
  try {
    reply = await self.call(ask);
  } catch (error) {
    if (!isUnborn(channel, error as DamsoError)) throw error;
    // A direct channel begins with its first message: until then it is empty, not missing.
    if (!self.channels.has(channel)) return { from: 1, to: 0, messages: [] };
    // It was born while the answer was under way: now it can be read.
    reply = await self.call(ask);
  }
  if (reply.type !== "messages") throw new DamsoError("invalid");
  // What is stored has to follow the events, which a channel that waits for the list does not.
  const record = current(self, channel);
  const page = covered(reply, query, record ? floorOf(record.channel) : 1);
  if (record && !isOutdated(read)) store(self, record, read, page);
  return page;
}

/** The stretch that a page proves: up to its ends, or to the end of the channel where nothing more is. */
function covered(page: Replies["messages"], query: HistoryQuery, floor: Seq): Window {
  const { messages, head, more_before, more_after } = page;
  const first = messages[0]?.seq ?? head + 1;
  const last = messages.at(-1)?.seq ?? head;
  const before = "before" in query ? Math.min(head, query.before - 1) : undefined;
  const from = "after" in query ? Math.max(floor, query.after + 1) : more_before ? first : floor;
  const to = before ?? (more_after ? last : head);
  // What is not for this reader any more keeps its place in the page, and has none in a view.
  return { from, to, messages: messages.filter((m) => m.unavailable !== true) };
}

function store(self: State, record: ChannelRecord, read: Read, page: Window): void {
  const { from, to, messages } = read.steps.reduce(follow, page);
  const known = new Map(messages.map((m) => [m.seq, m]));
  const steps: MessageStep[] = page.messages
    .filter((m) => known.has(m.seq))
    .map((m) => ({ put: self.arrived(m) }));
  const ranges = cover(record.ranges, from, to);
  change(self, {
    channels: new Map([[read.channel, { ...record, ranges }]]),
    messages: steps,
  });
}
