/** Pages of a history: dense, from where was asked, with the ends told right. I3, I9, I12. */
import type { Replies } from "@damso/protocol/frames/server";
import type { Pos, Seq } from "@damso/protocol/ids";
import type { Book, HomeBook, Own } from "./book.ts";
import { ownOf } from "./book.ts";
import { checkSight, wasIn } from "./sight.ts";
import { isBehind } from "./stays.ts";

export type HistoryRequest = {
  step: number;
  /** The newest position and seq that were told before. */
  told: Pos;
  told_seq: Seq;
  before?: Seq;
  after?: Seq;
  around?: Seq;
};

type Page = Omit<Replies["messages"], "type" | "id">;

export function checkHistory(
  book: Book,
  where: string,
  home: HomeBook,
  page: Page,
  asked: HistoryRequest,
): void {
  const { channel, messages, head } = page;
  const place = `${where}: history of ${channel}`;
  const known = book.channels.get(channel)?.head ?? 0;
  if (!wasIn(book, home, channel, asked.told))
    return book.faults.add("I18", `${place} is shown to ${home.id}, who is not in it`);
  if (head > known) book.faults.add("I3", `${place} ends at #${head}, committed is #${known}`);
  if (head < asked.told_seq)
    book.faults.add("I12", `${place} ends at #${head}, and #${asked.told_seq} was told before`);
  const look = { where, home, as_of: asked.told, asked: asked.step };
  for (const message of messages) {
    if (message.channel !== channel)
      book.faults.add("I3", `${place} has a message of ${message.channel}`);
    checkSight(book, look, message);
  }
  const hole = messages.findIndex(({ seq }, i) => seq !== (messages[0]?.seq ?? 0) + i);
  if (hole >= 0) book.faults.add("I12", `${place}: #${messages[hole]?.seq} out of turn`);
  const own = ownOf(home, channel);
  if (own && isSteady(home, own, asked) && !isBehind(book, home, channel))
    checkEnds(book, place, own, page, asked);
}

/** Where the floor moved meanwhile nobody knows which of the two was meant. */
function isSteady(home: HomeBook, own: Own, { told }: HistoryRequest): boolean {
  const once = home.owns.get(own.channel)?.length === 1 || own.joined_pos <= told;
  return once && own.clears.every(({ pos }) => pos <= told);
}

function checkEnds(book: Book, place: string, own: Own, page: Page, asked: HistoryRequest): void {
  const { messages, head, more_before, more_after } = page;
  const floor = Math.max(own.visible_from, own.cleared_to + 1);
  const first = messages[0]?.seq;
  const last = messages.at(-1)?.seq;
  if (first === undefined || last === undefined) return checkEmpty(book, place, floor, head, asked);
  const wrong = [more_before !== first > floor, more_after !== last < head];
  if (wrong.some(Boolean))
    book.faults.add(
      "I12",
      `${place}: #${first} to #${last} of #${floor} to #${head}, more is ${more_before} and ${more_after}`,
    );
  const { before, after, around } = asked;
  if (after !== undefined && first !== Math.max(floor, after + 1))
    book.faults.add("I12", `${place} after #${after} begins with #${first}`);
  const end = before === undefined ? head : Math.min(head, before - 1);
  if (after === undefined && around === undefined && last !== end)
    book.faults.add("I12", `${place} up to #${end} ends with #${last}`);
}

function checkEmpty(
  book: Book,
  place: string,
  floor: Seq,
  head: Seq,
  { before, after }: HistoryRequest,
): void {
  const from = Math.max(floor, (after ?? 0) + 1);
  const to = Math.min(head, (before ?? Infinity) - 1);
  if (from <= to) book.faults.add("I12", `${place} is empty, #${from} to #${to} are there`);
}
