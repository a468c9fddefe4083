/** Who is a member at which seq, from the system messages alone: they stand in the order themselves. Rules D5, D6. */
import type { ChannelId, Seq, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import type { ChannelRow } from "@damso/core/tables";
import type { Book, ChannelBook, HomeBook, Stay } from "./book.ts";

/** The stay that holds this seq. */
export function stayAt(channel: ChannelBook, user_id: UserId, seq: Seq): Stay | undefined {
  const stays = channel.stays.get(user_id);
  return stays?.findLast(({ from, until }) => from <= seq && seq < until);
}

/** The stay that goes on. */
export function openStay(channel: ChannelBook, user_id: UserId): Stay | undefined {
  const stay = channel.stays.get(user_id)?.at(-1);
  return stay?.until === Infinity ? stay : undefined;
}

/** A home in another shard may not have heard yet that the user has left and come back. */
export function isBehind(book: Book, home: HomeBook, channel: ChannelId): boolean {
  const stays = book.channels.get(channel)?.stays.get(home.id)?.length ?? 1;
  return stays > (home.owns.get(channel)?.length ?? 1);
}

/** By the order, and as the home knows it: nobody who answers can have found him gone. */
export function isSurelyIn(book: Book, home: HomeBook, channel: ChannelId): boolean {
  const known = book.channels.get(channel);
  return (
    known !== undefined && openStay(known, home.id) !== undefined && !isBehind(book, home, channel)
  );
}

/** Whether this seq was ever in sight of the user: I9 at its widest. */
export function couldSee(channel: ChannelBook, user_id: UserId, seq: Seq): boolean {
  const stays = channel.stays.get(user_id) ?? [];
  return stays.some(({ visible_from, until }) => visible_from <= seq && seq < until);
}

/** What a system message does to the members. */
export function noteSystem(book: Book, channel: ChannelBook, message: Message): void {
  const { system, seq } = message;
  for (const user_id of system?.users ?? []) {
    if (system?.event === "created" || system?.event === "joined")
      join(book, channel, user_id, seq);
    if (system?.event === "left" || system?.event === "removed") leave(book, channel, user_id, seq);
  }
}

function join(book: Book, channel: ChannelBook, user_id: UserId, seq: Seq): void {
  if (openStay(channel, user_id))
    book.faults.add("I9", `${channel.id}#${seq}: ${user_id} joins and is a member already`);
  const stays = channel.stays.get(user_id) ?? [];
  stays.push({ from: seq, until: Infinity, visible_from: 0, ended_ms: Infinity });
  channel.stays.set(user_id, stays);
}

function leave(book: Book, channel: ChannelBook, user_id: UserId, seq: Seq): void {
  const stay = openStay(channel, user_id);
  if (!stay) book.faults.add("I9", `${channel.id}#${seq}: ${user_id} leaves and is no member`);
  else [stay.until, stay.ended_ms] = [seq, book.options.now()];
}

/** What the row says of those who joined: from where on each sees. */
export function noteVisible(book: Book, channel: ChannelBook, row: ChannelRow): void {
  const before = channel.row?.settings.history ?? row.settings.history;
  for (const { user_id, joined_at_seq, visible_from } of row.members) {
    const stay = openStay(channel, user_id);
    if (!stay || stay.visible_from > 0 || stay.from !== joined_at_seq) continue;
    stay.visible_from = visible_from;
    // With two settings in one commit either may have been the one at the join.
    const due = row.settings.history === "all" ? 1 : joined_at_seq;
    if (visible_from !== due && before === row.settings.history)
      book.faults.add(
        "I9",
        `${channel.id}: ${user_id} joined at #${joined_at_seq} and sees from #${visible_from}, not #${due}`,
      );
  }
}

/** A record names the row where an earlier decision wrote it first, which may be before the message of the join. */
function noteLate(stay: Stay | undefined, joined_at_seq: Seq, visible_from: Seq): void {
  if (!stay || stay.visible_from > 0 || stay.from !== joined_at_seq) return;
  if (visible_from === 1 || visible_from === joined_at_seq) stay.visible_from = visible_from;
}

/** At the end of a commit the row names the members that the order has made, each since the join. */
export function checkMembers(book: Book, channel: ChannelBook): void {
  const { row, id } = channel;
  if (!row) return;
  for (const { user_id, joined_at_seq, visible_from } of row.members) {
    const stay = openStay(channel, user_id);
    const place = `${id} at #${channel.head}: ${user_id}`;
    noteLate(stay, joined_at_seq, visible_from);
    if (!stay) book.faults.add("I9", `${place} is in the row and never joined, or left`);
    else if (stay.from !== joined_at_seq || stay.visible_from !== visible_from)
      book.faults.add(
        "I9",
        `${place} joined at #${stay.from} and sees from #${stay.visible_from}; the row says #${joined_at_seq}, #${visible_from}`,
      );
  }
  const named = new Set(row.members.map(({ user_id }) => user_id));
  for (const user_id of channel.stays.keys())
    if (openStay(channel, user_id) && !named.has(user_id))
      book.faults.add("I9", `${id} at #${channel.head}: ${user_id} is a member and not in the row`);
}
