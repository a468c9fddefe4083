/** Pages of a channel: from the store where it has no hole, else from the server. */
import type { ChannelId, Message, Replies, Seq } from "@damso/protocol";
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

/** The page, which also joins or replaces the channel's window. `empty`: the stretch before it, where nothing was found. */
export async function history(
  self: State,
  channel: ChannelId,
  query: HistoryQuery = {},
  empty?: Window,
): Promise<Page> {
  const load = async (read: Read): Promise<Window> =>
    (await fromStore(self, channel, query)) ?? (await fromServer(self, read, query));
  const page = join(empty, await during(self, channel, load));
  show(self, channel, join(self.windows.get(channel), page));
  const found = paged(self, channel, page);
  if (found.messages[0] || "around" in query) return found;
  // Who has hidden all of a page sees what is beyond it, or nothing would ever say where to go on.
  const { from: before, to: after } = page;
  const beyond = "after" in query ? found.more_after && { after } : found.more_before && { before };
  return beyond ? history(self, channel, { ...query, ...beyond }, page) : found;
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
  const head = self.channels.get(channel)?.channel.head ?? 0;
  return paged(
    self,
    channel,
    self.windows.get(channel) ?? { from: head + 1, to: head, messages: [] },
  );
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
    message !== undefined && !message.truncated;
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
  const known = self.channels.get(channel)?.channel;
  const more_before = known !== undefined && from > floorOf(known);
  return { messages, more_before, more_after: to < (known?.head ?? 0) };
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
  const covered = rangeAt(record.ranges, "after" in query ? from : to);
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
  const upFrom = (seq: Seq): [from: Seq, to: Seq] => {
    const from = Math.max(floor, seq);
    return [from, Math.min(channel.head, from + limit - 1)];
  };
  if ("after" in query) return upFrom(query.after + 1);
  if ("around" in query) return upFrom(query.around - Math.floor(limit / 2));
  const to = Math.min(channel.head, "before" in query ? query.before - 1 : Infinity);
  return [Math.max(floor, to - limit + 1), to];
}

async function fromServer(self: State, read: Read, query: HistoryQuery): Promise<Window> {
  const { channel } = read;
  const ask = { type: "history", channel, limit: LIMIT, ...query } as const;
  const reply = await self.call(ask).catch((error: DamsoError) => {
    if (!isUnborn(channel, error)) throw error;
    // Perhaps it was born while the answer was under way: then it can be read now.
    return self.channels.has(channel) ? self.call(ask) : undefined;
  });
  // A direct channel begins with its first message: until then it is empty, not missing.
  if (!reply) return { from: 1, to: 0, messages: [] };
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
  const last = messages.at(-1)?.seq ?? head;
  const from = more_before ? (messages[0]?.seq ?? head + 1) : floor;
  const to = "before" in query ? Math.min(head, query.before - 1) : more_after ? last : head;
  // What is not for this reader any more keeps its place in the page, and has none in a view.
  return { from, to, messages: messages.filter((m) => !m.unavailable) };
}

function store(self: State, record: ChannelRecord, read: Read, page: Window): void {
  const { from, to, messages } = read.steps.reduce(follow, page);
  const known = new Set(messages.map((m) => m.seq));
  const steps: MessageStep[] = page.messages
    .filter((m) => known.has(m.seq))
    .map((m) => ({ put: self.arrived(m) }));
  const ranges = cover(record.ranges, from, to);
  change(self, {
    channels: new Map([[read.channel, { ...record, ranges }]]),
    messages: steps,
  });
}
