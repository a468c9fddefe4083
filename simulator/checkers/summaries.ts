/** A channel as one member is shown it: I2, I3, I9, I15. */
import type { Channel } from "@damso/protocol/schema/channel";
import { ownOf } from "./book.ts";
import type { Book, Own } from "./book.ts";
import { brief } from "./same.ts";
import { checkSight, wasIn } from "./sight.ts";
import type { Look } from "./sight.ts";
import { isBehind } from "./stays.ts";

export function checkSummary(book: Book, look: Look, shown: Channel): void {
  const { home } = look;
  const place = `${look.where}: channel ${shown.id}`;
  const channel = book.channels.get(shown.id);
  if (!channel?.row) return book.faults.add("I3", `${place} is not committed`);
  if (!wasIn(book, home, shown.id, look.as_of))
    return book.faults.add("I18", `${place} is shown to ${home.id}, who is not in it`);
  if (shown.head > channel.head)
    book.faults.add("I3", `${place} ends at #${shown.head}, committed is #${channel.head}`);
  if (shown.pos > home.head)
    book.faults.add("I3", `${place} is of position ${shown.pos}, committed is ${home.head}`);
  const early = shown.pins.find((seq) => seq < shown.visible_from);
  if (early) book.faults.add("I9", `${place} shows the pin of #${early}, out of sight`);
  if (shown.last) checkSight(book, look, shown.last);
  const own = ownOf(home, shown.id);
  // Whoever takes it for whole up to its position would never ask for what is missing.
  if (own && own.activity <= shown.pos && shown.head < own.head)
    book.faults.add("I2", `${place} at ${shown.pos} ends at #${shown.head}, not #${own.head}`);
  // What changed since is another state than the one that was read; and of a stay that the home has not heard of yet, the
  // owner of the channel tells where it begins.
  if (own && own.touched <= shown.pos && !isBehind(book, home, shown.id)) {
    const wrong = ownFault(own, shown);
    if (wrong) book.faults.add("I15", `${place} at ${shown.pos}: ${wrong}`);
  }
}

/** How a view differs from the own state that it is of, or undefined. */
export function ownFault(own: Own, shown: Channel): string | undefined {
  const pairs: [string, unknown, unknown][] = [
    ["visible_from", own.visible_from, shown.visible_from],
    ["read", own.read, shown.read],
    ["unread", own.counted.size, shown.unread],
    ["unread_mentions", Math.min(own.mentions.size, 1000), shown.unread_mentions],
    ["muted_until", own.muted_until, shown.muted_until],
    ["pinned", own.pinned, shown.pinned === true],
    ["draft", own.draft, shown.draft],
    ["cleared_to", own.cleared_to, shown.cleared_to ?? 0],
    ["unread_mark", own.unread_mark, shown.unread_mark === true],
    ["push_level", own.push_level, shown.push_level],
  ];
  const found = pairs.find(([, due, is]) => due !== is);
  return found && `${found[0]} is ${brief(found[2])}, not ${brief(found[1])}`;
}
