/** Typing and receipts: of channels that the device's user is in, and of what is committed. I3, I18. */
import type { Ephemerals } from "@damso/protocol/frames/server";
import type { Pos } from "@damso/protocol/ids";
import { homeIn, ownOf } from "./book.ts";
import type { Book } from "./book.ts";
import { wasIn } from "./sight.ts";
import type { Who } from "./witness.ts";

/** `pos`: how far the socket was told of its feed. Until it is told of the leaving, something may be under way. */
export type Listener = { who: Who; where: string; pos: Pos };

const GRACE_MS = 1000;

export function checkPassing(
  book: Book,
  at: Listener,
  frame: Ephemerals["typing"] | Ephemerals["receipt"],
): void {
  const { channel, user_id } = frame;
  const home = homeIn(book, at.who.user_id);
  const place = `${at.where}: ${frame.type} of ${channel}`;
  const known = book.channels.get(channel);
  const stay = known?.stays.get(home.id)?.at(-1);
  const grace = book.options.revoke_grace_ms ?? GRACE_MS;
  const longGone = stay === undefined || book.options.now() - stay.ended_ms > grace;
  const isDirect = channel.startsWith("d");
  // In a cluster a gateway may be told a head before it hears of the leaving, which got lost and is read again.
  const isAway = !book.options.lossy && !wasIn(book, home, channel, at.pos);
  if ((longGone && !isDirect) || isAway)
    return book.faults.add("I18", `${place} reaches someone who is not in it`);
  if (frame.type === "typing") return;
  const { read = 0, delivered = 0 } = frame;
  const marked = ownOf(homeIn(book, user_id), channel);
  if (Math.max(read, delivered) > (known?.head ?? 0))
    book.faults.add("I3", `${place}: ${user_id} is at #${read}, #${delivered} of #${known?.head}`);
  if (marked && read > marked.read)
    book.faults.add("I3", `${place}: ${user_id} has read up to #${marked.read}, told is #${read}`);
}
