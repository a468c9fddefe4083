/** Sends on their way and their answers: I3, I4, I17, I22. */
import { CODES, isErrorCode } from "@damso/protocol/codes";
import type { Replies } from "@damso/protocol/frames/server";
import type { ChannelId, ClientId, UserId } from "@damso/protocol/ids";
import { sendKey } from "./book.ts";
import type { Book, Kept } from "./book.ts";

export type Sent = Omit<Replies["sent"], "type" | "id">;
export type Send = { channel: ChannelId; client_id: ClientId; sender: UserId };

/**
 * Tries of one send: those whose outcome is open, those that came from a session that was over, and the last refusal;
 * `again`: it was tried after one.
 */
type Tries = {
  open: number;
  late: number;
  refused: string | undefined;
  again: boolean;
  devices: Set<string>;
};

export type TryBook = Map<string, Tries>;

const keyOf = ({ channel, sender, client_id }: Send): string =>
  `${channel}/${sendKey(sender, client_id)}`;

/** `late`: its session was revoked long enough ago. */
export function heardTry(tries: TryBook, send: Send, device: string, late: boolean): void {
  const key = keyOf(send);
  let found = tries.get(key);
  if (!found) {
    found = { open: 0, late: 0, refused: undefined, again: false, devices: new Set() };
    tries.set(key, found);
  }
  if (late) found.late++;
  else found.open++;
  if (found.refused !== undefined) found.again = true;
  found.devices.add(device);
}

/** Another device than this one has tried it too. */
export function triedElsewhere(tries: TryBook, send: Send, device: string): boolean {
  const devices = tries.get(keyOf(send))?.devices;
  return devices !== undefined && [...devices].some((other) => other !== device);
}

/** A device whose store was put back, or killed before it could note the refusal, has it in its queue again. */
export function triedAgain(tries: TryBook, send: Send): boolean {
  return tries.get(keyOf(send))?.again === true;
}

/** The last refusal that some try of it got. */
export function refusalOf(tries: TryBook, send: Send): string | undefined {
  return tries.get(keyOf(send))?.refused;
}

/** `since`: the step at which the try was heard. */
export function refusedTry(
  book: Book,
  tries: TryBook,
  send: Send,
  where: string,
  code: string,
  since: number,
): void {
  if (!isErrorCode(code)) return;
  const { outcome, retry } = CODES[code];
  const found = tries.get(keyOf(send));
  // A try of unknown outcome may still be done.
  if (outcome === "unknown" || !found) return;
  if (found.open > 0) found.open--;
  else if (found.late > 0) found.late--;
  found.refused = code;
  const kept = keptOf(book, send);
  // Who is not known is told nothing of the message.
  if (kept && kept.since < since && !retry && code !== "unauthenticated")
    book.faults.add(
      "I22",
      `${where}: ${send.client_id} is refused with ${code} and stands at ${send.channel}#${kept.message.seq}`,
    );
}

/** `since` is absent where nobody saw the try. */
export function sentTry(
  book: Book,
  tries: TryBook,
  sender: UserId,
  where: string,
  sent: Sent,
): void {
  const send = { ...sent, sender };
  const found = tries.get(keyOf(send));
  if (found && found.open > 0) found.open--;
  const kept = keptOf(book, send);
  const place = `${where}: ${sent.client_id} is sent as ${sent.channel}#${sent.seq}`;
  if (!kept) return book.faults.add("I22", `${place}, which is not committed`);
  const { seq, message_id, created_at } = kept.message;
  if (seq !== sent.seq) book.faults.add("I4", `${place}, it stands at #${seq}`);
  if (message_id !== sent.message_id || created_at !== sent.created_at)
    book.faults.add("I4", `${place}, ${sent.message_id} of ${sent.created_at}, not ${message_id}`);
  const channel = book.channels.get(sent.channel);
  if (channel) channel.told = Math.max(channel.told, sent.seq);
}

function keptOf(book: Book, { channel, sender, client_id }: Send): Kept | undefined {
  return book.channels.get(channel)?.sent.get(sendKey(sender, client_id));
}

/** A message that became durable: some try of it has to be open, and of a session that was not over. */
export function checkTried(book: Book, tries: TryBook, { message }: Kept): void {
  const { channel, seq, sender_id, client_id, kind } = message;
  if (kind !== "text" || client_id === undefined) return;
  const found = tries.get(keyOf({ channel, client_id, sender: sender_id }));
  if (!found || found.open > 0) return;
  const place = `${channel}#${seq}, ${client_id} of ${sender_id}`;
  if (found.late > 0) book.faults.add("I17", `${place}: its session was over`);
  else if (found.refused !== undefined)
    book.faults.add("I22", `${place}: every try was refused, the last with ${found.refused}`);
}
