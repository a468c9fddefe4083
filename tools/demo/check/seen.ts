/** What anybody was shown: committed (I3), and only to those who may see it (I9). */
import type { ChannelId, Message, UserId } from "@damso/protocol";
import type { Book } from "./book.ts";
import { tryDoors } from "./doors.ts";
import type { DeviceRecord, GroupActs, Viewer } from "./evidence.ts";
import { amount, counted, finding } from "./finding.ts";
import type { Fault, Finding } from "./finding.ts";
import { couldSee, isMemberAt, lasting } from "./membership.ts";
import { difference, normalMessage } from "./normal.ts";

/** A state of a message that was shown: committed if the history or an edit of the scene explains it. */
export function checkCommitted(book: Book): Finding {
  return finding("I3", "only what is committed", (fault) => {
    const states = new Map<string, string>();
    const judged = new Map<Message, string | undefined>();
    let looked = 0;
    for (const { name, seen } of book.viewers) {
      for (const message of seen) {
        looked++;
        // Many viewers share one observation: what is wrong with it does not depend on who saw it.
        if (!judged.has(message)) judged.set(message, unexplained(book, message, states));
        const wrong = judged.get(message);
        if (wrong !== undefined)
          fault(`${name} was shown ${book.place(message.channel, message.seq)}: ${wrong}`);
      }
    }
    return `${counted(looked, "sights of a message", fault)}, ${amount(states.size)} states, all of the history`;
  });
}

/** `states`: the first sight of each state, so that all others can be held against it. */
function unexplained(
  book: Book,
  message: Message,
  states: Map<string, string>,
): string | undefined {
  const final = book.at(message.channel, message.seq);
  if (final === undefined) return "no such message in the history";
  for (const key of ["message_id", "sender_id", "client_id", "kind", "created_at"] as const) {
    if (message[key] !== final[key]) return `${key} ${message[key]}, in the history ${final[key]}`;
  }
  if (message.unavailable === true) return content(message);
  if (message.rev > final.rev) return `rev ${message.rev}, the history ends at ${final.rev}`;
  const shown = normalMessage(message);
  const place = `${message.channel}/${message.seq}`;
  const state = `${place}/${message.rev}`;
  const first = states.get(state) ?? (message.rev === final.rev ? normalMessage(final) : shown);
  states.set(state, first);
  if (first !== shown) return `two contents of rev ${message.rev}: ${difference(shown, first)}`;
  return isKnownText(book, message) ? undefined : `"${message.body?.slice(0, 40)}" was never sent`;
}

/** The place of a message without the right to it names no content. */
function content({ body, mentions, reactions, reply_to }: Message): string | undefined {
  const some = [body, mentions, reactions, reply_to].some((part) => part !== undefined);
  return some ? "marked as unavailable, with content" : undefined;
}

function isKnownText(
  book: Book,
  { channel, seq, client_id, kind, body, length }: Message,
): boolean {
  if (kind !== "text" || body === undefined) return true;
  const edits = book.editsOf(channel, seq).map((edit) => edit.body);
  const texts = [book.sendOf(client_id)?.body, ...edits];
  return texts.some((text) =>
    length === undefined ? text === body : text?.startsWith(body) === true,
  );
}

export function checkMembersOnly(book: Book): Finding {
  return finding("I9", "members only", (fault) => {
    let looked = 0;
    for (const viewer of book.viewers) {
      looked += viewer.seen.length;
      for (const message of viewer.seen) checkSight(book, viewer, message, fault);
    }
    for (const device of book.devices) checkStore(book, device, fault);
    for (const group of book.groups) checkActs(book, group, fault);
    for (const messages of book.history.values())
      for (const message of messages) checkSender(book, message, fault);
    const doors = tryDoors(book, "I9", fault);
    return `${counted(looked, "sights", fault)} by ${amount(book.viewers.length)} viewers, all of members; ${doors}`;
  });
}

function checkSight(book: Book, viewer: Viewer, message: Message, fault: Fault): void {
  const { channel, seq, body } = message;
  const stays = book.stays(channel, viewer.user_id);
  const place = book.place(channel, seq);
  if (!couldSee(stays, seq)) return fault(`${viewer.name} was shown ${place} and may not see it`);
  const ended = stays.filter(({ from, to }) => from <= seq && seq <= to);
  // A text that was given to the message when this viewer had left.
  const late = book
    .editsOf(channel, seq)
    .find((edit) => edit.body === body && ended.every(({ to }) => to < edit.head));
  if (late !== undefined) fault(`${viewer.name} was shown the edit of ${place} made after leaving`);
}

/** At the end a store holds channels of the user, from the first visible message on, and nothing else. */
function checkStore(book: Book, device: DeviceRecord, fault: Fault): void {
  const { name, user_id, kind, channels, messages, whispers } = device;
  const wasIn = (channel: ChannelId): boolean => book.stays(channel, user_id).length > 0;
  for (const channel of whispers)
    if (!wasIn(channel)) fault(`${name} was told of typing or reading in ${book.place(channel)}`);
  // A device that was logged out keeps what it had at that time.
  if (kind === "ended") return;
  for (const { id } of channels)
    if (lasting(book.stays(id, user_id)) === undefined)
      fault(`the store of ${name} holds ${book.place(id)}, of which its user is no member`);
  for (const [channel, held] of messages) {
    const stay = lasting(book.stays(channel, user_id));
    const wrong = held.find(({ seq }) => stay === undefined || seq < stay.from);
    if (wrong !== undefined)
      fault(`the store of ${name} holds ${book.place(channel, wrong.seq)}, not for its user`);
  }
}

function checkSender(book: Book, { channel, seq, kind, sender_id }: Message, fault: Fault): void {
  if (kind !== "text" || isMemberAt(book.stays(channel, sender_id), seq)) return;
  fault(`${book.place(channel, seq)} was sent by somebody who was no member there`);
}

/** The members that the history names are those that the scene made. */
function checkActs(book: Book, acts: GroupActs, fault: Fault): void {
  const told: string[] = [];
  for (const { system } of book.history.get(acts.channel) ?? []) {
    if (system?.event === "created") told.push(line("created", system.users ?? []));
    if (system?.event === "joined" || system?.event === "left" || system?.event === "removed")
      told.push(line(system.event, system.users ?? []));
  }
  const asked = [
    line("created", acts.created),
    ...acts.changes.map(({ event, user_id }) => line(event, [user_id])),
  ];
  if (told.join() !== asked.join())
    fault(`${book.place(acts.channel)}: members came and went otherwise than asked`);
}

function line(event: string, users: readonly UserId[]): string {
  return `${event} ${users.toSorted().join(" ")}`;
}
