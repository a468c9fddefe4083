/** The newest state of a message wins everywhere, and what was deleted is gone: I16. */
import type { Message } from "@damso/protocol";
import type { Book } from "./book.ts";
import { amount, counted, finding } from "./finding.ts";
import type { Fault, Finding } from "./finding.ts";

export function checkNewest(book: Book): Finding {
  return finding("I16", "the newest state, everywhere", (fault) => {
    const kept = [...book.history.values()].flat();
    const changed = kept.filter(({ rev }) => rev > 1).length;
    const deleted = kept.filter(({ deleted_at }) => deleted_at !== undefined).length;
    for (const message of kept) checkGone(book, "the history", message, fault);
    for (const { name, seen } of book.viewers)
      for (const message of seen) checkGone(book, name, message, fault);
    for (const { name, kind, messages } of book.devices)
      for (const held of kind === "ended" ? [] : messages.values())
        for (const message of held) checkRev(book, name, message, fault);
    for (const { name, pages } of book.readings)
      for (const page of pages.values())
        for (const message of page) checkRev(book, name, message, fault);
    return `${counted(changed, "changed messages", fault)}, ${amount(deleted)} of them deleted`;
  });
}

/** Of a deleted message its place is left and nothing that it said. */
function checkGone(book: Book, name: string, message: Message, fault: Fault): void {
  if (message.deleted_at === undefined) return;
  const { body, mentions, attachments, reactions, pinned } = message;
  if ([body, mentions, attachments, reactions, pinned].every((part) => part === undefined)) return;
  fault(`${name} was shown ${book.place(message.channel, message.seq)}, deleted, with content`);
}

function checkRev(book: Book, name: string, message: Message, fault: Fault): void {
  if (message.unavailable === true) return;
  const newest = book.at(message.channel, message.seq)?.rev;
  if (message.rev !== newest)
    fault(
      `${name} holds ${book.place(message.channel, message.seq)} at rev ${message.rev} of ${newest}`,
    );
}
