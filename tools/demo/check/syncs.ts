/** What a device missed it is told without a hole: I12. */
import type { Book } from "./book.ts";
import type { Absence, DeviceRecord, Entry } from "./evidence.ts";
import { amount, counted, finding } from "./finding.ts";
import type { Fault, Finding } from "./finding.ts";

export function checkSyncs(book: Book): Finding {
  return finding("I12", "syncs are complete", (fault) => {
    let pages = 0;
    let missed = 0;
    let entries = 0;
    for (const device of book.devices) {
      for (const { after, poses, head, more, reset } of device.pages) {
        pages++;
        missed += poses.length;
        const last = poses.at(-1) ?? after;
        if (reset) fault(`${device.name} was told to reset at ${after}`);
        const hole = poses.findIndex((pos, i) => pos !== after + 1 + i);
        if (hole >= 0) fault(`${device.name} asked after ${after}: ${poses[hole]} out of turn`);
        if (more !== last < head)
          fault(`${device.name} was told up to ${last} of ${head} and more = ${more}`);
      }
      entries += checkTold(book, device, fault);
    }
    const away = book.absences.map((absence) => checkAbsence(book, absence, fault)).join("; ");
    counted(book.absences.length, "devices that were away", fault);
    return `${counted(pages, "pages", fault)} of missed events with ${amount(missed)}, ${counted(entries, "entries", fault)} told to devices, all as in the feeds; ${away}`;
  });
}

/** Who was away for long has learned of all of it by pages. */
function checkAbsence(book: Book, { device, messages, planned }: Absence, fault: Fault): string {
  const pages = book.devices.find(({ name }) => name === device)?.pages ?? [];
  const learned = pages.reduce((sum, { poses }) => sum + poses.length, 0);
  if (messages < planned) fault(`${device} missed ${messages} messages, ${planned} were planned`);
  if (learned < messages) fault(`${device} missed ${messages} messages and learned of ${learned}`);
  return `${device} was away for ${amount(messages)} messages`;
}

/** What a device was told, live and by syncs, is its user's feed from its start on, entry by entry. */
function checkTold(book: Book, device: DeviceRecord, fault: Fault): number {
  const { name, user_id, start, pos, entries } = device;
  const reading = book.readings.find((other) => other.user_id === user_id);
  if (reading === undefined) return 0;
  const due = reading.feed.filter((entry) => entry.pos > start && entry.pos <= pos);
  const told = entries.filter((entry, i) => entry.pos <= pos && !isSame(entries[i - 1], entry));
  const wrong = Array.from({ length: Math.max(told.length, due.length) }, (_, i) => i).find(
    (i) => !isSame(told[i], due[i]),
  );
  if (wrong !== undefined)
    fault(`${name} was told ${print(told[wrong])} where its feed has ${print(due[wrong])}`);
  return told.length;
}

/** A page read later tells of a channel that was left meanwhile as left. */
function isSame(told: Entry | undefined, entry: Entry | undefined): boolean {
  if (told === undefined || entry === undefined) return false;
  const kind = (type: string): string => (type === "channel_left" ? "channel" : type);
  return (
    told.pos === entry.pos &&
    kind(told.type) === kind(entry.type) &&
    told.channel === entry.channel &&
    told.seq === entry.seq
  );
}

function print(entry: Entry | undefined): string {
  if (entry === undefined) return "nothing";
  return [`${entry.pos}:`, entry.type, entry.channel, entry.seq].filter(Boolean).join(" ");
}
