/** At rest every send is decided, and as it was said: I1, I21, I22. */
import type { ClientId } from "@damso/protocol/ids";
import { sendKey } from "./book.ts";
import type { Book } from "./book.ts";
import { checkOutcome, isFinal } from "./intents.ts";
import type { Intents, Meant } from "./intents.ts";
import type { RestView } from "./rest.ts";
import { refusalOf } from "./tries.ts";
import type { TryBook } from "./tries.ts";

/** The devices that are there to send it, and what they still have in their queues. */
type Queues = { devices: ReadonlySet<string>; waiting: ReadonlySet<ClientId> };

export function checkSends(book: Book, intents: Intents, tries: TryBook, world: RestView): void {
  const attached = world.devices.filter((device) => device.attached);
  const queues: Queues = {
    devices: new Set(attached.map(({ who }) => who.device)),
    waiting: new Set(
      attached.flatMap(({ snapshot }) => snapshot.outbox.map(({ client_id }) => client_id)),
    ),
  };
  for (const meant of intents.meant.values()) {
    checkOutcome(book, tries, meant);
    if (isDecided(book, meant) || world.undecided.has(meant.client_id)) continue;
    const why = lost(tries, meant, queues);
    if (why)
      book.faults.add("I21", `${meant.who.device}: ${meant.client_id} in ${meant.channel} ${why}`);
  }
}

function isDecided(book: Book, { outcome, channel, client_id, who }: Meant): boolean {
  if (outcome && isFinal(outcome)) return true;
  return book.channels.get(channel)?.sent.has(sendKey(who.user_id, client_id)) === true;
}

/** An app that was killed has forgotten what it had not stored, and that is nobody's fault. */
function lost(tries: TryBook, meant: Meant, queues: Queues): string | undefined {
  const { channel, client_id, who, queued } = meant;
  // What still waits is said of its device.
  if (!queued || !queues.devices.has(who.device) || queues.waiting.has(client_id)) return undefined;
  const refused = refusalOf(tries, { channel, client_id, sender: who.user_id });
  return refused === undefined ? "was queued, and is neither sent nor refused" : undefined;
}
