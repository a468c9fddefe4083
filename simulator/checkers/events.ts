/** Events that a device is told, live or in a page, against the rows they stand for: I2, I3, I12. */
import type { FeedCursor } from "@damso/protocol/frames/client";
import type { FeedEvent } from "@damso/protocol/frames/events";
import type { Replies } from "@damso/protocol/frames/server";
import type { FeedRow } from "@damso/core/tables";
import type { Book, HomeBook } from "./book.ts";
import { brief, same } from "./same.ts";
import { checkSight } from "./sight.ts";
import type { Look } from "./sight.ts";
import { isSurelyIn } from "./stays.ts";
import { checkSummary } from "./summaries.ts";

export function checkEvent(book: Book, look: Look, event: FeedEvent): void {
  const { home } = look;
  const at: Look = { ...look, where: `${look.where} at ${event.pos}` };
  const row = home.feed[event.pos - 1];
  if (!row) return book.faults.add("I3", `${at.where}: ${event.type} is not committed`);
  if (event.type === "channel" || event.type === "channel_left")
    return checkCame(book, at, event, row);
  const wrong = event.type === row.kind ? fieldFault(event, row) : `it is ${row.kind}`;
  if (wrong) return book.faults.add("I3", `${at.where}: ${event.type}, ${wrong}`);
  if (event.type === "message" || event.type === "message_updated")
    checkSight(book, at, event.message);
}

/** A page that is read after the user left says so where it would tell of the channel. */
function checkCame(
  book: Book,
  at: Look,
  event: Extract<FeedEvent, { type: "channel" | "channel_left" }>,
  row: FeedRow,
): void {
  const id = event.type === "channel" ? event.channel.id : event.channel;
  if ((row.kind !== "channel" && row.kind !== "channel_left") || row.channel !== id)
    return book.faults.add("I3", `${at.where}: ${event.type} of ${id}, it is ${row.kind}`);
  if (event.type === "channel") return checkSummary(book, at, event.channel);
  const last = at.home.owns.get(id)?.at(-1);
  const stayed = last?.left_pos === Infinity && last.joined_pos <= event.pos;
  // A home that has not heard yet what the order says is behind it, not wrong.
  if (row.kind === "channel" && stayed && isSurelyIn(book, at.home, id))
    book.faults.add("I12", `${at.where}: left ${id}, where the user is`);
}

type Plain = Exclude<FeedEvent, { type: "channel" | "channel_left" }>;

function fieldFault(event: Plain, row: FeedRow): string | undefined {
  const told: Record<string, unknown> = { ...event };
  const seq = "message" in event ? event.message.seq : told["seq"];
  const {
    kind: _kind,
    skip: _skip,
    mention: _mention,
    rest: _rest,
    set,
    ...due
  } = row as Record<string, unknown>;
  const fields = { ...due, ...(set as object | undefined) };
  for (const [name, value] of Object.entries(fields)) {
    const is = name === "seq" ? seq : told[name];
    if (!same(is, value)) return `${name} is ${brief(is)}, not ${brief(value)}`;
  }
  return undefined;
}

export type EventsPage = Pick<Replies["events"], "feed" | "events" | "more" | "reset">;

/** What was known of the feed when a page was asked for. */
export type PageRequest = {
  step: number;
  told: number;
  tail: number;
  cursor: FeedCursor | undefined;
};

export function checkPage(
  book: Book,
  where: string,
  home: HomeBook,
  page: EventsPage,
  asked: PageRequest,
): void {
  const { feed, events, more, reset = false } = page;
  if (feed.head > home.head)
    book.faults.add("I3", `${where}: head ${feed.head}, committed is ${home.head}`);
  if (feed.head < asked.told)
    book.faults.add("I12", `${where}: head ${feed.head}, and ${asked.told} was told before`);
  const { cursor } = asked;
  const due = cursor !== undefined && mustReset(cursor, page, home.tail);
  const maybe = cursor !== undefined && mustReset(cursor, page, asked.tail);
  if (reset !== due && reset !== maybe)
    book.faults.add(
      "I2",
      `${where}: reset is ${reset} for ${brief(cursor)}, the feed is ${brief(feed)}`,
    );
  const after = cursor && !reset ? cursor.pos : feed.head;
  checkDense(book, where, events, after);
  const last = events.at(-1)?.pos ?? after;
  if (last > feed.head || more !== last < feed.head)
    book.faults.add("I12", `${where}: up to ${last} of ${feed.head}, more is ${more}`);
  if (last < feed.head && events.length === 0)
    book.faults.add("I12", `${where}: nothing after ${last} of ${feed.head}`);
  const look: Look = { where, home, as_of: feed.head, asked: asked.step };
  for (const event of events) checkEvent(book, look, event);
}

function mustReset(cursor: FeedCursor, { feed }: EventsPage, tail: number): boolean {
  return cursor.id !== feed.id || cursor.pos > feed.head || cursor.pos < tail;
}

function checkDense(book: Book, where: string, events: readonly FeedEvent[], after: number): void {
  const wrong = events.findIndex(({ pos }, i) => pos !== after + 1 + i);
  if (wrong >= 0)
    book.faults.add(
      "I12",
      `${where}: ${events[wrong]?.pos} comes where ${after + 1 + wrong} belongs`,
    );
}
