/** What became of every send: I1, I4, I5, I8, I22. */
import type { ClientId, Message } from "@damso/protocol";
import { LIMITS } from "@damso/protocol/limits";
import { codePoints } from "@damso/protocol/text";
import type { Book } from "./book.ts";
import { tryDoors } from "./doors.ts";
import type { Place, Send } from "./evidence.ts";
import { amount, counted, finding } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { lasting } from "./membership.ts";

const text = ({ seq, message_id, created_at }: Place): string =>
  `#${seq} ${message_id} ${created_at}`;

function called({ device, body, client_id }: Send): string {
  return `${device}: "${body.slice(0, 24)}" (${client_id})`;
}

/** Every message of the histories that was made by a send, by its `client_id`. */
function kept(book: Book): Map<ClientId, Message[]> {
  const found = new Map<ClientId, Message[]>();
  for (const messages of book.history.values()) {
    for (const message of messages) {
      if (message.client_id === undefined) continue;
      found.set(message.client_id, [...(found.get(message.client_id) ?? []), message]);
    }
  }
  return found;
}

export function checkKept(book: Book): Finding {
  return finding("I1", "acknowledged is kept, once", (fault) => {
    const found = kept(book);
    const acknowledged = book.sends.filter((send) => send.sent !== undefined);
    for (const send of acknowledged) {
      const [message, ...more] = found.get(send.client_id) ?? [];
      if (message === undefined) {
        fault(`lost: ${called(send)} was acknowledged and is not in the history`);
      } else if (more.length > 0) {
        fault(`${called(send)} is ${more.length + 1} times in the history`);
      } else if (message.channel !== send.channel || message.sender_id !== send.user_id) {
        fault(`${called(send)} is in the history of ${book.place(message.channel)}`);
      } else if (send.sent && text(send.sent) !== text(message)) {
        fault(`${called(send)} was told ${text(send.sent)} and stands at ${text(message)}`);
      }
    }
    return `${counted(acknowledged.length, "acknowledged sends", fault)}, each in the history once`;
  });
}

export function checkOnce(book: Book): Finding {
  return finding("I4", "send once", (fault) => {
    const found = kept(book);
    const retried = book.sends.filter((send) => send.transmitted > 1);
    let doubled = 0;
    for (const send of book.sends) {
      const places = [...send.answers, ...(send.sent ? [send.sent] : [])];
      const answers = new Set(places.map(text));
      const copies = found.get(send.client_id)?.length ?? 0;
      if (answers.size <= 1 && copies <= 1) continue;
      doubled++;
      fault(`${called(send)}: ${copies} in the history, answers ${[...answers].join(" and ")}`);
    }
    const total = counted(book.sends.length, "sends", fault);
    const again = tryDoors(book, "I4", fault);
    return `${total}, ${counted(retried.length, "retried", fault)}, ${amount(doubled)} doubled; ${again}`;
  });
}

export function checkSenderOrder(book: Book): Finding {
  return finding("I5", "order of each device", (fault) => {
    const lines = new Map<string, Send[]>();
    for (const send of book.sends) {
      if (send.sent === undefined) continue;
      const line = `${send.device} ${send.channel}`;
      lines.set(line, [...(lines.get(line) ?? []), send]);
    }
    for (const line of lines.values()) {
      const inOrder = line.toSorted((a, b) => a.order - b.order);
      for (const [i, send] of inOrder.entries()) {
        const before = inOrder[i - 1];
        if (before?.sent === undefined || send.sent === undefined) continue;
        if (before.sent.seq >= send.sent.seq) {
          fault(`${called(send)} stands at #${send.sent.seq}, sent after #${before.sent.seq}`);
        }
      }
    }
    return `${counted(lines.size, "pairs of device and channel", fault)} in the order of sending`;
  });
}

export function checkCause(book: Book): Finding {
  return finding("I8", "after what was seen", (fault) => {
    const answered = book.sends.filter((send) => send.sent !== undefined);
    const replies = answered.filter((send) => send.reply_to !== undefined);
    for (const send of answered) {
      if (send.sent && send.sent.seq <= send.seen) {
        fault(`${called(send)} stands at #${send.sent.seq}, its sender had seen #${send.seen}`);
      }
    }
    const total = counted(replies.length, "replies", fault);
    return `${total} and ${amount(answered.length - replies.length)} other sends stand after it`;
  });
}

/** Refusals that the scene explains: of somebody who had left, in a direct chat with a block, of a text too long. */
function isDue(book: Book, { channel, user_id, body, refused }: Send): boolean {
  if (refused === "not_member") return lasting(book.stays(channel, user_id)) === undefined;
  if (refused === "blocked") return channel.startsWith("d");
  return refused === "too_long" && codePoints(body) > LIMITS.body_code_points_max;
}

export function checkRefusals(book: Book): Finding {
  return finding("I22", "refused never appears", (fault) => {
    const found = kept(book);
    const refused = book.sends.filter((send) => send.refused !== undefined);
    for (const send of refused) {
      if (found.has(send.client_id))
        fault(`${called(send)} was refused (${send.refused}) and is in the history`);
      if (!isDue(book, send))
        fault(`${called(send)} was refused without a reason: ${send.refused}`);
    }
    for (const send of book.sends) {
      if (send.sent === undefined && send.refused === undefined)
        fault(`undecided: ${called(send)} was never answered`);
    }
    const doors = tryDoors(book, "I22", fault);
    return `${counted(refused.length, "refused sends", fault)}, none in a history, none undecided; ${doors}`;
  });
}
