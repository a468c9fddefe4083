/** A long run as a history of lists: what `tools/history/` judges and writes down. */
import type { HistoryEvent, Micro, Outcome } from "../../history/history.ts";
import type { SendNote } from "../journal.testing.ts";
import type { Read } from "./reads.testing.ts";

type Timed = HistoryEvent & { time_ms: number };
type Numbers = (client_id: string) => number;

/** From the first try of a send to its last answer is one operation, because all tries have one `client_id`. */
export function toHistory(sends: readonly SendNote[], reads: readonly Read[]): HistoryEvent[] {
  const numbers = new Map<string, number>();
  const numberOf: Numbers = (client_id) => {
    const number = numbers.get(client_id) ?? numbers.size + 1;
    numbers.set(client_id, number);
    return number;
  };
  const events = [
    ...sends.flatMap((note) => ofSend(note, numberOf)),
    ...reads.flatMap((read) => ofRead(read, numberOf)),
  ];
  return events.toSorted((a, b) => a.time_ms - b.time_ms || rank(a) - rank(b));
}

/** At one time what ends comes first, so that a client has ended before it begins again. */
function rank({ type }: HistoryEvent): number {
  return type === "invoke" ? 1 : 0;
}

function event(type: "invoke" | Outcome, client: string, time_ms: number, micro: Micro): Timed {
  return { type, client, time_ms, time_ns: Math.round(time_ms * 1e6), micros: [micro] };
}

/** A device has one under way in each channel: that is one client. Of what it gave up nobody knows the outcome. */
function ofSend(note: SendNote, numberOf: Numbers): Timed[] {
  const { channel, client_id, place, since_ms, until_ms } = note;
  if (since_ms === undefined) return [];
  const client = `${note.device} ${channel}`;
  const append: Micro = { op: "append", list: channel, element: numberOf(client_id) };
  const begin = event("invoke", client, since_ms, append);
  if (until_ms === undefined) return [begin];
  const outcome = place ? "ok" : note.refused === undefined ? "info" : "fail";
  return [begin, event(outcome, client, until_ms, append)];
}

function ofRead({ channel, client_ids, since_ms, until_ms }: Read, numberOf: Numbers): Timed[] {
  const read = (elements?: number[]): Micro => ({ op: "read", list: channel, elements });
  return [
    event("invoke", "reader", since_ms, read()),
    event(client_ids ? "ok" : "fail", "reader", until_ms, read(client_ids?.map(numberOf))),
  ];
}
