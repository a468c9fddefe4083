/** Every device of an account has the same at the same position: I2. */
import type { Message } from "@damso/protocol";
import type { Book } from "./book.ts";
import type { DeviceRecord } from "./evidence.ts";
import { counted, finding } from "./finding.ts";
import type { Fault, Finding } from "./finding.ts";
import { difference, normalChannel, normalMessage } from "./normal.ts";

export function checkSameState(book: Book): Finding {
  return finding("I2", "every device like a fresh one", (fault) => {
    const kept = book.devices.filter(({ kind }) => kind === "kept");
    let messages = 0;
    for (const device of kept) {
      const fresh = book.devices.find(
        ({ kind, user_id }) => kind === "fresh" && user_id === device.user_id,
      );
      if (fresh === undefined) fault(`${device.name} has no fresh device to compare with`);
      else messages += compare(book, device, fresh, fault);
    }
    for (const missing of book.restless) fault(missing);
    for (const device of book.devices) checkPosition(book, device, fault);
    for (const device of book.devices) if (device.kind === "fresh") checkFresh(book, device, fault);
    return `${counted(kept.length, "devices", fault)}, ${counted(messages, "messages", fault)} in their stores, equal`;
  });
}

function checkPosition(book: Book, { kind, name, pos, user_id }: DeviceRecord, fault: Fault): void {
  const head = book.readings.find((reading) => reading.user_id === user_id)?.head;
  if (kind !== "ended" && pos !== head) fault(`${name} ends at ${pos}, its feed at ${head}`);
}

/** The fresh device itself has what plain HTTP says. */
function checkFresh(book: Book, fresh: DeviceRecord, fault: Fault): void {
  const reading = book.readings.find(({ user_id }) => user_id === fresh.user_id);
  if (reading === undefined) return fault(`nobody read the account of ${fresh.name}`);
  const messages = new Map(
    [...reading.pages].map(([id, page]) => [id, page.filter(({ unavailable }) => !unavailable)]),
  );
  compare(
    book,
    fresh,
    { ...fresh, name: reading.name, channels: reading.channels, messages },
    fault,
  );
}

function compare(book: Book, device: DeviceRecord, fresh: DeviceRecord, fault: Fault): number {
  const channels = new Map(fresh.channels.map((channel) => [channel.id, channel]));
  for (const channel of device.channels) {
    const other = channels.get(channel.id);
    channels.delete(channel.id);
    const place = book.place(channel.id);
    if (other === undefined) fault(`${device.name} has ${place}, ${fresh.name} does not`);
    else if (normalChannel(channel) !== normalChannel(other))
      fault(
        `${device.name}, ${place}: ${difference(normalChannel(channel), normalChannel(other))}`,
      );
    checkLast(book, device, channel.last, fault);
  }
  for (const id of channels.keys())
    fault(`${device.name} lacks ${book.place(id)}, ${fresh.name} has it`);
  let count = 0;
  for (const id of new Set([...device.messages.keys(), ...fresh.messages.keys()])) {
    const held = device.messages.get(id) ?? [];
    count += held.length;
    const names = { name: device.name, against: fresh.name };
    compareMessages(book, names, held, fresh.messages.get(id) ?? [], fault);
  }
  return count;
}

function compareMessages(
  book: Book,
  { name, against }: { name: string; against: string },
  held: readonly Message[],
  expected: readonly Message[],
  fault: Fault,
): void {
  const others = new Map(expected.map((message) => [message.seq, message]));
  for (const message of held) {
    const other = others.get(message.seq);
    others.delete(message.seq);
    const place = book.place(message.channel, message.seq);
    if (other === undefined) fault(`${name} has ${place}, ${against} does not`);
    else if (normalMessage(message) !== normalMessage(other))
      fault(`${name}, ${place}: ${difference(normalMessage(message), normalMessage(other))}`);
  }
  for (const { channel, seq } of others.values())
    fault(`${name} lacks ${book.place(channel, seq)}, ${against} has it`);
}

/** The newest message in the list of channels is the one in the history, in its newest state. */
function checkLast(
  book: Book,
  device: DeviceRecord,
  last: Message | undefined,
  fault: Fault,
): void {
  if (last === undefined || last.unavailable === true) return;
  const final = book.at(last.channel, last.seq);
  if (final !== undefined && normalMessage(final) === normalMessage(last)) return;
  fault(
    `${device.name} lists ${book.place(last.channel, last.seq)} in a state that is not the newest`,
  );
}
