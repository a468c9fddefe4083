/** A message that somebody is shown: a committed state (I3, I11), not an outdated one (I16), and in his sight (I9). */
import { directMembers } from "@damso/protocol/ids";
import type { ChannelId, Pos, Seq } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import { keptAt, wholeBody } from "./book.ts";
import type { Book, HomeBook, Kept, Own } from "./book.ts";
import { IDENTITY, STATE } from "./fields.ts";
import { brief, differing } from "./same.ts";
import { couldSee, openStay } from "./stays.ts";

/**
 * `as_of`: the server knew the feed at least so far when it chose what to show. `asked`: the step at which it was asked
 * to; absent for what it shows by itself, which may be overtaken by newer states.
 */
export type Look = { where: string; home: HomeBook; as_of: Pos; asked?: number };

export function checkSight(book: Book, look: Look, shown: Message): void {
  const { channel, seq } = shown;
  const place = `${look.where}: ${channel}#${seq}`;
  const kept = keptAt(book, channel, seq);
  if (!kept) return book.faults.add("I3", `${place} is not committed`);
  const other = differing(kept.message, shown, IDENTITY);
  if (other)
    book.faults.add(
      "I3",
      `${place}: ${other} ${brief(shown[other])}, not ${brief(kept.message[other])}`,
    );
  const why = outOfSight(look.home, channel, seq, look.as_of);
  if (shown.unavailable) return checkPlace(book, look, kept, shown, place);
  const known = book.channels.get(channel);
  if (known && !couldSee(known, look.home.id, seq))
    book.faults.add("I9", `${place} was never in sight of ${look.home.id}`);
  else if (why) book.faults.add("I9", `${place} is shown and ${why}`);
  checkState(book, look, kept, shown, place);
  if (known) known.told = Math.max(known.told, seq);
}

const CONTENT = ["body", "mentions", "attachments", "reactions", "reply_to", "system"] as const;

function checkPlace(book: Book, look: Look, kept: Kept, shown: Message, place: string): void {
  const some = CONTENT.find((field) => shown[field] !== undefined);
  if (some) book.faults.add("I9", `${place} is unavailable and tells its ${some}`);
  if (isPlain(look.home, shown.channel, shown.seq) && kept.message.rev > 0)
    book.faults.add("I12", `${place} is unavailable to someone who may see it`);
}

/** The user came once, and nothing was ever hidden or cleared here. */
function isPlain(home: HomeBook, channel: ChannelId, seq: Seq): boolean {
  const [own, ...more] = home.owns.get(channel) ?? [];
  if (!own || more.length > 0 || own.left_pos !== Infinity || seq < own.visible_from) return false;
  return !own.hidden.has(seq) && own.clears.every(({ to }) => to < seq);
}

function checkState(book: Book, look: Look, kept: Kept, shown: Message, place: string): void {
  const { rev, truncated } = shown;
  const state = kept.states[rev];
  if (look.asked !== undefined && rev < kept.told_rev && kept.told_at < look.asked)
    book.faults.add("I16", `${place} at rev ${rev}, and rev ${kept.told_rev} was told before`);
  if (rev > kept.message.rev || (!state && !book.options.coalesced))
    return book.faults.add("I3", `${place} rev ${rev} is not committed`);
  if (kept.told_rev < rev) [kept.told_rev, kept.told_at] = [rev, book.step];
  if (!state) return;
  const wrong = differing(state, shown, STATE);
  if (wrong)
    book.faults.add(
      "I3",
      `${place} rev ${rev}: ${wrong} ${brief(shown[wrong])}, not ${brief(state[wrong])}`,
    );
  const body = truncated ? state.body : wholeBody(kept, state);
  if (shown.body !== body || (truncated && !state.truncated))
    book.faults.add("I11", `${place} rev ${rev}: body ${brief(shown.body)}, not ${brief(body)}`);
}

/** Why the user sees nothing of this place, or undefined if there was a moment since `as_of` at which he may. */
function outOfSight(home: HomeBook, channel: ChannelId, seq: Seq, as_of: Pos): string | undefined {
  let why = `${home.id} is not in it`;
  for (const own of home.owns.get(channel) ?? []) {
    if (own.left_pos <= as_of) continue;
    if (own.visible_from > seq) why = `${home.id} sees from #${own.visible_from}`;
    else if ((own.hidden.get(seq) ?? Infinity) <= as_of) why = `${home.id} has hidden it`;
    else if (leastCleared(own, as_of) >= seq) why = `${home.id} has cleared it`;
    else return undefined;
  }
  return why;
}

function leastCleared(own: Own, as_of: Pos): Seq {
  const before = own.clears.findLast(({ pos }) => pos <= as_of)?.to ?? 0;
  const later = own.clears.filter(({ pos }) => pos > as_of).map(({ to }) => to);
  return Math.min(before, ...later);
}

/**
 * Whether the channel was the user's when `as_of` was the newest position that a device of his had been told, or has
 * become so since. The order of the channel knows of a join before the feed of a user in another shard does, and a direct
 * channel belongs to its two users whether anything was written in it yet or not.
 */
export function wasIn(book: Book, home: HomeBook, channel: ChannelId, as_of: Pos): boolean {
  if (home.owns.get(channel)?.some(({ left_pos }) => left_pos > as_of)) return true;
  if (directMembers(channel)?.includes(home.id)) return true;
  const known = book.channels.get(channel);
  return known !== undefined && openStay(known, home.id) !== undefined;
}
