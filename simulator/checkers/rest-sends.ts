/** At rest every send is decided, and as it was said: I1, I21, I22. */
import type { Book } from "./book.ts";
import { checkOutcome, isFinal } from "./intents.ts";
import type { Intents } from "./intents.ts";
import type { RestView } from "./rest.ts";

export function checkSends(book: Book, intents: Intents, world: RestView): void {
  for (const meant of intents.meant.values()) {
    checkOutcome(book, meant);
    const { outcome, client_id, who, channel } = meant;
    if (outcome && isFinal(outcome)) continue;
    if (!world.undecided.has(client_id))
      book.faults.add("I21", `${who.device}: ${client_id} in ${channel} is undecided`);
  }
}
