/**
 * A page of a user's feed: the references become events with what they refer to, as it stands now.
 * Rules D14 (pages), D15 (reset), D7 (visibility); invariants I2, I12, I25.
 */
import { LIMITS } from "@damso/protocol/limits";
import type { FeedEvent } from "@damso/protocol/frames/events";
import type { FeedCursor } from "@damso/protocol/frames/client";
import type { ChannelId, Pos, Seq, UserId } from "@damso/protocol/ids";
import type { Channel } from "@damso/protocol/schema/channel";
import type { Message } from "@damso/protocol/schema/message";
import { unavailable } from "../channel/message.ts";
import type { Entry } from "../ports/store.ts";
import { refuse } from "../result.ts";
import type { Result } from "../result.ts";
import type { EventsPage } from "../shard/commands.ts";
import type { Shard } from "../shard/context.ts";
import { ownView } from "../shard/views.ts";
import { inHome } from "../shard/homes.ts";
import { durable } from "../shard/write.ts";
import type { FeedRow } from "../tables.ts";
import { hasSeq } from "../user/ranges.ts";
import type { UserState } from "../user/state.ts";
import { sizeOf } from "./history.ts";
import { summary } from "./summary.ts";

/** What an event costs beside its message. */
const EVENT_BYTES = 200;

/** Without a cursor the page is the head and nothing else: a device that starts from the channel list. */
export async function syncPage(
  shard: Shard,
  user: UserState,
  cursor: FeedCursor | undefined,
  wanted: number | undefined,
): Promise<Result<EventsPage>> {
  const head = user.head;
  const tail = user.tail;
  if (!(await durable(shard))) return refuse("unavailable");
  const feed = { id: shard.feed_id, head };
  if (!cursor) return { ok: true, value: { feed, events: [], more: false } };
  if (cursor.id !== shard.feed_id || cursor.pos > head || cursor.pos < tail) return reset(feed);
  if (cursor.pos === head) return { ok: true, value: { feed, events: [], more: false } };
  const limit = Math.min(wanted ?? LIMITS.page_events_max, LIMITS.page_events_max);
  const rows = await shard.store.range("feed", {
    prefix: [user.id],
    from: cursor.pos + 1,
    to: head,
    limit,
  });
  const read = { rows, to: rows.length === limit ? cursor.pos : head };
  if (!isDense(read, cursor.pos)) {
    if (await isTrimmed(shard, user.id, cursor.pos, read)) return reset(feed);
    throw new Error(`hole in the feed of ${user.id} after ${cursor.pos}`);
  }
  const events = await resolve(shard, user, rows);
  const last = events.at(-1)?.pos ?? cursor.pos;
  return { ok: true, value: { feed, events, more: last < head } };
}

function reset(feed: EventsPage["feed"]): Result<EventsPage> {
  return { ok: true, value: { feed, events: [], more: false, reset: true } };
}

/** What the store has of a stretch of the feed; without a hole it reaches to `to` at least. */
type Stretch = { rows: readonly Entry<"feed">[]; to: Pos };

/** A missing entry is an alarm and a stop: nothing may be told past it. */
function isDense({ rows, to }: Stretch, after: Pos): boolean {
  const above = rows.filter(({ key }) => key[1] > after);
  return above.every(({ key }, i) => key[1] === after + 1 + i) && after + above.length >= to;
}

/**
 * The feed was trimmed while it was read, and nothing else is missing: the row that says how far was written with it.
 * Whoever is told to begin anew never asks for the rest, so a hole in it would be passed over.
 */
async function isTrimmed(shard: Shard, user_id: UserId, pos: Pos, read: Stretch): Promise<boolean> {
  const row = await shard.store.get("users", [user_id]);
  return row !== undefined && pos < row.tail && isDense(read, row.tail);
}

type Messages = Map<string, Message>;

/**
 * What is referred to is read first; then, in one turn with the home in hand, the events are made. A commit that fails
 * meanwhile drops the memory that they were made from: then there is no page.
 */
async function resolve(
  shard: Shard,
  user: UserState,
  rows: readonly Entry<"feed">[],
): Promise<FeedEvent[]> {
  const { generation } = shard.memory;
  const messages = await loadMessages(shard, rows);
  const summaries = await loadSummaries(shard, user.id, rows);
  const events = await inHome(shard, user.id, channelsOf(rows), (home) => {
    if (!home) throw new Error(`the home of ${user.id} is gone`);
    return pageOf(home, rows, { messages, summaries });
  });
  // Summaries were read from the state as decided: they go out when that is durable.
  const settled = await durable(shard);
  if (!settled || generation !== shard.memory.generation) {
    throw new Error("the store failed while a page was read");
  }
  return events;
}

type Referred = { messages: Messages; summaries: ReadonlyMap<ChannelId, Channel | undefined> };

function pageOf(home: UserState, rows: readonly Entry<"feed">[], referred: Referred): FeedEvent[] {
  const events: FeedEvent[] = [];
  let bytes = 0;
  for (const { key, row } of rows) {
    const event = toEvent(home, key[1], row, referred);
    bytes += EVENT_BYTES + ("message" in event ? sizeOf(event.message) : 0);
    if (event.type === "channel") bytes += JSON.stringify(event.channel).length;
    if (bytes > LIMITS.page_bytes_max && events.length > 0) break;
    events.push(event);
  }
  return events;
}

function channelsOf(rows: readonly Entry<"feed">[]): ChannelId[] {
  return rows.flatMap(({ row }) => ("channel" in row ? [row.channel] : []));
}

async function loadMessages(shard: Shard, rows: readonly Entry<"feed">[]): Promise<Messages> {
  const wanted = new Map<ChannelId, Set<Seq>>();
  for (const { row } of rows) {
    if (row.kind !== "message" && row.kind !== "message_updated") continue;
    const seqs = wanted.get(row.channel);
    if (seqs) seqs.add(row.seq);
    else wanted.set(row.channel, new Set([row.seq]));
  }
  const messages: Messages = new Map();
  const answers = [...wanted].map(async ([channel, seqs]) => {
    const answer = await shard.bus.request({ kind: "messages", channel, seqs: [...seqs] });
    if (!answer.ok)
      throw new Error(`the messages of ${channel} cannot be read: ${answer.refusal.code}`);
    for (const message of answer.value) messages.set(`${channel}/${message.seq}`, message);
  });
  await Promise.all(answers);
  return messages;
}

function toEvent(home: UserState, pos: Pos, row: FeedRow, referred: Referred): FeedEvent {
  switch (row.kind) {
    case "message":
    case "message_updated": {
      const { kind, channel, unread, unread_mentions } = row;
      const message = shownMessage(home, row, referred.messages);
      return { type: kind, pos, channel, message, unread, unread_mentions };
    }
    case "channel": {
      const channel = referred.summaries.get(row.channel);
      // Who is no longer in it is told so here: the entry that says it follows.
      if (channel) return { type: "channel", pos, channel };
      return { type: "channel_left", pos, channel: row.channel, reason: "left" };
    }
    case "channel_settings": {
      const { kind, channel, set, unread, unread_mentions } = row;
      return { type: kind, pos, channel, ...set, unread, unread_mentions };
    }
    case "message_hidden":
    case "read": {
      const { kind, channel, seq, unread, unread_mentions } = row;
      return { type: kind, pos, channel, seq, unread, unread_mentions };
    }
    case "channel_left":
      return { type: row.kind, pos, channel: row.channel, reason: row.reason };
    case "account": {
      const { kind, ...fields } = row;
      return { type: kind, pos, ...fields };
    }
  }
}

/** The message as it stands, or only its place for someone who left, rejoined later, hid it or cleared it. */
function shownMessage(
  home: UserState,
  row: Extract<FeedRow, { kind: "message" | "message_updated" }>,
  messages: Messages,
): Message {
  const message = messages.get(`${row.channel}/${row.seq}`);
  if (!message) throw new Error(`${row.channel}/${row.seq} is in a feed and not in the history`);
  const own = home.channels.get(row.channel);
  const shown =
    own && own.visible_from <= row.seq && own.cleared_to < row.seq && !hasSeq(own.hidden, row.seq);
  return shown ? message : unavailable(message);
}

/** The channels that entries are about, as they are now; undefined for those that the user is not in any more. */
async function loadSummaries(
  shard: Shard,
  user_id: UserId,
  rows: readonly Entry<"feed">[],
): Promise<Map<ChannelId, Channel | undefined>> {
  const ids = new Set(rows.flatMap(({ row }) => (row.kind === "channel" ? [row.channel] : [])));
  const loaded = [...ids].map(async (id): Promise<[ChannelId, Channel | undefined]> => [
    id,
    await loadSummary(shard, user_id, id),
  ]);
  return new Map(await Promise.all(loaded));
}

/**
 * The own side, and with it the position, is read before the view: a view that were older than the position would hide
 * from the device, which takes nothing older than a summary's position, what happened between the two.
 */
async function loadSummary(
  shard: Shard,
  user_id: UserId,
  channel: ChannelId,
): Promise<Channel | undefined> {
  const before = await inHome(shard, user_id, [channel], (user) => {
    const own = user?.channels.get(channel);
    return user && own ? ownView(user, channel, own) : undefined;
  });
  if (!before) return undefined;
  const member = await shard.bus.request({ kind: "view", user_id, channel });
  if (member.ok) return summary(before, member.value);
  const { code } = member.refusal;
  if (code === "not_member" || code === "not_found") return undefined;
  // That it cannot be read now is no word about who is in it.
  throw new Error(`${channel} cannot be read: ${code}`);
}
