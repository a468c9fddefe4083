/** One order for all, without gaps: I6, I7. */
import type { Channel, ChannelId, Message, Seq } from "@damso/protocol";
import type { Book } from "./book.ts";
import { amount, counted, finding } from "./finding.ts";
import type { Fault, Finding } from "./finding.ts";

/** Ascending without a double; the first place where it is not. */
function disorder(seqs: readonly Seq[]): string | undefined {
  const at = seqs.findIndex((seq, i) => i > 0 && seq <= (seqs[i - 1] ?? 0));
  return at < 0 ? undefined : `#${seqs[at]} after #${seqs[at - 1]}`;
}

export function checkOneOrder(book: Book): Finding {
  return finding("I6", "one order for all", (fault) => {
    let orders = 0;
    for (const { name, feed } of book.readings) {
      const told = new Map<ChannelId, Seq[]>();
      for (const { type, channel, seq } of feed) {
        if (type !== "message" || channel === undefined || seq === undefined) continue;
        const seqs = told.get(channel) ?? [];
        seqs.push(seq);
        told.set(channel, seqs);
      }
      orders += ordered(book, `the feed of ${name}`, told, fault);
    }
    for (const { name, applied } of book.devices) orders += ordered(book, name, applied, fault);
    return `${counted(orders, "orders of a channel", fault)}, at ${amount(book.viewers.length)} viewers, agree`;
  });
}

function ordered(
  book: Book,
  name: string,
  told: ReadonlyMap<ChannelId, readonly Seq[]>,
  fault: Fault,
): number {
  for (const [channel, seqs] of told) {
    const wrong = disorder(seqs);
    if (wrong !== undefined) fault(`${name} has ${book.place(channel)} ${wrong}`);
  }
  return told.size;
}

export function checkDense(book: Book): Finding {
  return finding("I7", "no gaps, no doubles", (fault) => {
    for (const [channel, messages] of book.history) {
      dense(
        messages.map(({ seq }) => seq),
        `the history of ${book.place(channel)}`,
        fault,
      );
    }
    for (const { name, feed, head, channels, pages } of book.readings) {
      dense([...feed.map(({ pos }) => pos), head + 1], `the feed of ${name}`, fault);
      for (const channel of channels) whole(book, name, channel, pages.get(channel.id), fault);
      for (const { id, head: claimed } of channels) {
        const length = book.history.get(id)?.length ?? 0;
        if (length !== claimed)
          fault(`${name} is told that ${book.place(id)} ends at #${claimed}, it has ${length}`);
      }
    }
    const seqs = [...book.history.values()].reduce((sum, { length }) => sum + length, 0);
    const poses = book.readings.reduce((sum, { feed }) => sum + feed.length, 0);
    return `${counted(seqs, "seqs", fault)} of ${amount(book.history.size)} channels, ${counted(poses, "positions", fault)} of ${amount(book.readings.length)} feeds`;
  });
}

/** The pages of a member reach from the first visible message to the head. */
function whole(
  book: Book,
  name: string,
  channel: Channel,
  page: readonly Message[] | undefined,
  fault: Fault,
): void {
  if (page === undefined) return;
  const floor = Math.max(channel.visible_from, (channel.cleared_to ?? 0) + 1);
  const at = page.findIndex(({ seq }, i) => seq !== floor + i);
  const place = book.place(channel.id);
  if (at >= 0) fault(`${name} reads ${place} with #${page[at]?.seq} where #${floor + at} belongs`);
  if (page.length !== channel.head - floor + 1)
    fault(`${name} reads ${page.length} messages of ${place} from #${floor} to #${channel.head}`);
}

/** 1, 2, 3 and so on to the end. */
function dense(numbers: readonly number[], where: string, fault: Fault): void {
  const at = numbers.findIndex((number, i) => number !== i + 1);
  if (at >= 0) fault(`${where} has ${numbers[at]} where ${at + 1} belongs`);
}
