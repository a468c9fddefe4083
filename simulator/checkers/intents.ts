/** What people meant to send, and what became of it: I1, I4, I5, I8, I11, I22. */
import { CODES, isErrorCode } from "@damso/protocol/codes";
import type { ClientId } from "@damso/protocol/ids";
import type { Change } from "@damso/sdk/store/port";
import { sendKey, wholeBody } from "./book.ts";
import type { Book, Kept } from "./book.ts";
import { brief } from "./same.ts";
import { triedAgain, triedElsewhere } from "./tries.ts";
import type { TryBook } from "./tries.ts";
import type { Intent, Outcome } from "./witness.ts";

/** `queued`: it is in the outbox of its device, or was taken out of there by the device itself. */
export type Meant = Intent & {
  outcome: Outcome | undefined;
  kept: Kept | undefined;
  queued: boolean;
};

export type Intents = {
  meant: Map<ClientId, Meant>;
  /** By device and channel: the last one that was committed in its turn. */
  lines: Map<string, Meant>;
  /** By device: what it meant before its store was put back may come in any order. */
  floors: Map<string, number>;
  /** By device: the newest order. */
  orders: Map<string, number>;
  /** A backup took the place of the store at some time. */
  restored: boolean;
};

export function createIntents(): Intents {
  return {
    meant: new Map(),
    lines: new Map(),
    floors: new Map(),
    orders: new Map(),
    restored: false,
  };
}

/** The same again is a person's retry: its place in the order is the new one. */
export function takeIntent(book: Book, intents: Intents, intent: Intent): void {
  const before = intents.meant.get(intent.client_id);
  const { device } = intent.who;
  const head = book.channels.get(intent.channel)?.head ?? 0;
  // Until it is told, a device knows of what was lost with the disk.
  const lost = intent.known > head;
  if (lost && !intents.restored)
    book.faults.add("I3", `${device}: has seen ${intent.channel}#${intent.known} of #${head}`);
  intents.meant.set(intent.client_id, {
    ...intent,
    ...(lost && { known: 0 }),
    outcome: undefined,
    kept: before?.kept,
    queued: before?.queued ?? false,
  });
  intents.orders.set(device, Math.max(intents.orders.get(device) ?? 0, intent.order));
}

/** What was queued since then is gone with it. */
export function storeRewound(intents: Intents, device: string): void {
  intents.floors.set(device, intents.orders.get(device) ?? 0);
  for (const meant of intents.meant.values()) if (meant.who.device === device) meant.queued = false;
}

/** From here on the device answers for it, whatever becomes of the app. */
export function takeQueued(intents: Intents, outbox: Change["outbox"]): void {
  for (const client_id of outbox.keys()) {
    const meant = intents.meant.get(client_id);
    if (meant) meant.queued = true;
  }
}

/** A message that became durable, when all rows of its commit are known. */
export function checkIntent(book: Book, intents: Intents, tries: TryBook, kept: Kept): void {
  const { message } = kept;
  const { client_id, channel, seq, sender_id } = message;
  const meant = client_id === undefined ? undefined : intents.meant.get(client_id);
  if (!meant || client_id === undefined) return;
  const place = `${channel}#${seq}, ${client_id} of ${meant.who.device}`;
  if (meant.channel !== channel || meant.who.user_id !== sender_id) {
    if (meant.who.user_id === sender_id)
      book.faults.add("I4", `${place} was meant for ${meant.channel}`);
    return;
  }
  meant.kept = kept;
  checkMeaning(book, place, meant, kept);
  const send = { channel, client_id, sender: sender_id };
  if (!triedElsewhere(tries, send, meant.who.device)) checkLine(book, intents, place, meant);
}

function checkMeaning(book: Book, place: string, meant: Meant, kept: Kept): void {
  const first = kept.states[1];
  const body = first && wholeBody(kept, first);
  if (first && first.deleted_at === undefined && body !== meant.body)
    book.faults.add("I11", `${place}: sent ${brief(meant.body)}, committed ${brief(body)}`);
  if (first && first.reply_to !== meant.reply_to)
    book.faults.add("I8", `${place} answers #${first.reply_to}, meant was #${meant.reply_to}`);
  if (kept.message.seq <= meant.known)
    book.faults.add("I8", `${place}: its sender had seen #${meant.known}`);
}

/** Commits come in the order of seq, so each device's have to come in the order of its sends. */
function checkLine(book: Book, intents: Intents, place: string, meant: Meant): void {
  const { device } = meant.who;
  if (meant.order <= (intents.floors.get(device) ?? -1)) return;
  const line = `${device} ${meant.channel}`;
  const last = intents.lines.get(line);
  if (last && last.order > meant.order)
    book.faults.add(
      "I5",
      `${place}, send ${meant.order}, stands after send ${last.order} (${last.client_id})`,
    );
  else intents.lines.set(line, meant);
}

export function takeOutcome(
  book: Book,
  intents: Intents,
  tries: TryBook,
  client_id: ClientId,
  outcome: Outcome,
): void {
  const meant = intents.meant.get(client_id);
  if (!meant) return;
  meant.outcome = outcome;
  checkOutcome(book, tries, meant);
}

/** For good: said by a server, and not to be tried again. */
export function isFinal(outcome: Outcome): boolean {
  if ("sent" in outcome) return true;
  return isErrorCode(outcome.refused) && !CODES[outcome.refused].retry;
}

/** When it was told, and once more at rest. */
export function checkOutcome(book: Book, tries: TryBook, meant: Meant): void {
  const { outcome, channel, client_id, who } = meant;
  if (!outcome) return;
  const kept = book.channels.get(channel)?.sent.get(sendKey(who.user_id, client_id));
  const place = `${who.device}: ${client_id} in ${channel}`;
  if ("refused" in outcome) {
    // A try by another way may be done after this one was refused.
    const send = { channel, client_id, sender: who.user_id };
    const again = triedAgain(tries, send) || triedElsewhere(tries, send, who.device);
    if (kept && isFinal(outcome) && !again)
      book.faults.add(
        "I22",
        `${place} was refused (${outcome.refused}) and is #${kept.message.seq}`,
      );
    return;
  }
  const { seq, message_id, created_at } = outcome.sent;
  if (!kept) book.faults.add("I1", `${place} was acknowledged as #${seq} and is not there`);
  else if (kept.message.seq !== seq || kept.message.message_id !== message_id)
    book.faults.add("I4", `${place} was acknowledged as #${seq} and is #${kept.message.seq}`);
  else if (kept.message.created_at !== created_at)
    book.faults.add("I4", `${place} was acknowledged as of ${created_at}`);
}

/** What was acknowledged and is not in the backup is void: nobody can keep what is gone with the disk. */
export function intentsRestored(book: Book, intents: Intents): void {
  intents.restored = true;
  intents.lines.clear();
  for (const [device, order] of intents.orders) intents.floors.set(device, order);
  for (const meant of intents.meant.values()) {
    const key = sendKey(meant.who.user_id, meant.client_id);
    const was = meant.kept;
    meant.kept = book.channels.get(meant.channel)?.sent.get(key);
    meant.known = 0;
    // Its device may have taken it for sent, and the backup knows nothing of it.
    if (!meant.kept && (was || meant.outcome)) intents.meant.delete(meant.client_id);
  }
}
