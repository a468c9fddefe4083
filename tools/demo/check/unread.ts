/** Unread counts are right and the same everywhere: I15. Rule D12. */
import type { Channel, Message, Seq, UserId } from "@damso/protocol";
import type { Book } from "./book.ts";
import type { Reading } from "./evidence.ts";
import { amount, counted, finding } from "./finding.ts";
import type { Fault, Finding } from "./finding.ts";

type Counts = { unread: number; unread_mentions: number };

export function checkUnread(book: Book): Finding {
  return finding("I15", "unread counts", (fault) => {
    let views = 0;
    let unread = 0;
    for (const reading of book.readings) {
      const devices = book.devices.filter(
        ({ user_id, kind }) => user_id === reading.user_id && kind !== "ended",
      );
      for (const channel of reading.channels) {
        const due = recount(book, reading, channel);
        unread += due.unread;
        views += expect(`HTTP for ${reading.name}`, channel, due, book, fault);
        for (const { name, channels } of devices) {
          const held = channels.find(({ id }) => id === channel.id);
          if (held !== undefined) views += expect(name, held, due, book, fault);
        }
      }
    }
    return `${counted(views, "counts", fault)} compared with the history, ${amount(unread)} messages unread`;
  });
}

function expect(name: string, channel: Channel, due: Counts, book: Book, fault: Fault): number {
  const { unread, unread_mentions } = channel;
  if (unread !== due.unread || unread_mentions !== due.unread_mentions)
    fault(
      `${name}, ${book.place(channel.id)}: ${unread} unread, ${unread_mentions} of them mentions;` +
        ` by the history ${due.unread} and ${due.unread_mentions}`,
    );
  return 1;
}

/** Counted anew from the history: after the marker, not own, no system message, not deleted, not hidden. */
function recount(book: Book, reading: Reading, channel: Channel): Counts {
  const hidden = new Set<Seq | undefined>(
    reading.feed
      .filter((entry) => entry.type === "message_hidden" && entry.channel === channel.id)
      .map(({ seq }) => seq),
  );
  const news = (book.history.get(channel.id) ?? []).filter(
    ({ seq, kind, sender_id, deleted_at }) =>
      seq > channel.read &&
      kind === "text" &&
      sender_id !== reading.user_id &&
      deleted_at === undefined &&
      !hidden.has(seq),
  );
  const named = news.filter((message) => isNamed(message, reading.user_id));
  return { unread: news.length, unread_mentions: named.length };
}

function isNamed({ mentions = [] }: Message, user_id: UserId): boolean {
  return mentions.includes("all") || mentions.includes(user_id);
}
