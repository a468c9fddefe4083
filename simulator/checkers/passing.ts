/** Typing and receipts: of channels that the device's user is in, and of what is committed. I3, I18. */
import type { Ephemerals } from "@damso/protocol/frames/server";
import { directMembers } from "@damso/protocol/ids";
import type { ChannelId } from "@damso/protocol/ids";
import { answeredAfter, lastAsked, ofSession, ofView } from "./asks.ts";
import { homeIn, ownOf } from "./book.ts";
import type { Book } from "./book.ts";
import { wasIn } from "./sight.ts";
import { isBehind } from "./stays.ts";
import type { SocketBook, Wire } from "./wire.ts";

/** How long after the leaving, or after its gateway has heard of it, something may be under way. */
const GRACE_MS = 1000;

export function checkPassing(
  wire: Wire,
  at: SocketBook,
  frame: Ephemerals["typing"] | Ephemerals["receipt"],
): void {
  const { book } = wire;
  const { channel, user_id } = frame;
  const place = `${at.where}: ${frame.type} of ${channel}`;
  const known = book.channels.get(channel);
  const isAway = book.options.lossy ? hasHeard(wire, at, channel) : isGone(book, at, channel);
  if (isAway) return book.faults.add("I18", `${place} reaches someone who is not in it`);
  if (frame.type === "typing") return;
  const { read = 0, delivered = 0 } = frame;
  const marked = ownOf(homeIn(book, user_id), channel);
  if (Math.max(read, delivered) > (known?.head ?? 0))
    book.faults.add("I3", `${place}: ${user_id} is at #${read}, #${delivered} of #${known?.head}`);
  if (marked && read > marked.read)
    book.faults.add("I3", `${place}: ${user_id} has read up to #${marked.read}, told is #${read}`);
}

/** Every word arrives: until the socket is told of the leaving, something may be under way. */
function isGone(book: Book, at: SocketBook, channel: ChannelId): boolean {
  const home = homeIn(book, at.who.user_id);
  if (!wasIn(book, home, channel, at.pos)) return true;
  const ended_ms = endedAt(book, at, channel);
  return ended_ms !== undefined && book.options.now() - ended_ms > GRACE_MS;
}

/** When the user left; undefined while he is in it. */
function endedAt(book: Book, at: SocketBook, channel: ChannelId): number | undefined {
  if (directMembers(channel)) return undefined;
  const stay = book.channels.get(channel)?.stays.get(at.who.user_id)?.at(-1);
  if (stay === undefined) return -Infinity;
  return stay.until === Infinity ? undefined : stay.ended_ms;
}

/**
 * In a cluster the word that he left may be lost on its way to a gateway, and a head be told before it. The gateway
 * hears of it by a page that it reads for the device; or, in an exchange, that the feed has moved, whereupon it asks the
 * owner of what is open until that has answered. Where the home is out of reach for too long, the socket ends.
 */
function hasHeard({ book, asks }: Wire, at: SocketBook, channel: ChannelId): boolean {
  const ended_ms = endedAt(book, at, channel);
  if (ended_ms === undefined) return false;
  const { now, revoke_grace_ms = GRACE_MS } = book.options;
  const node = at.node ?? "";
  const view = ofView(node, at.who.user_id, channel);
  if (now() - answeredAfter(asks, view, ended_ms) > GRACE_MS) return true;
  const home = homeIn(book, at.who.user_id);
  const own = home.owns.get(channel)?.at(-1);
  // The home itself has not heard of it, or not even of the stay that has ended.
  if (isBehind(book, home, channel)) return false;
  if (!wasIn(book, home, channel, at.paged)) return true;
  if (!own || own.left_pos === Infinity) return false;
  const left_ms = own.touched_ms;
  const told_ms = answeredAfter(asks, ofSession(node, at.who.session_id), left_ms);
  if (told_ms === Infinity) return now() - left_ms > revoke_grace_ms + GRACE_MS;
  return now() - told_ms > GRACE_MS && lastAsked(asks, view) < ended_ms;
}
