/**
 * A run as a history of lists: a conversation is a list, a send an append, a page that shows a whole conversation a read.
 * It is written down from what clients asked and were told, for a judge who knows nothing of chat.
 */
import type { HistoryEvent, Micro, Outcome } from "@damso/tools/history/history";
import type { ChannelId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import type { Witness } from "./checkers/witness.ts";
import type { Rows } from "./models/rows.ts";

export type Recorder = {
  /** Hears everything, and passes it on. */
  witness: Witness;
  /** Everything so far, with one read of each conversation as it is at rest. */
  events(rows: Rows): HistoryEvent[];
};

type Frame = { type: string; id?: number; channel?: ChannelId; code?: string } & Partial<{
  messages: Message[];
  more_before: boolean;
  more_after: boolean;
}>;

/** `now`: milliseconds of the run. */
export function record(inner: Witness, now: () => number): Recorder {
  const events: HistoryEvent[] = [];
  const numbers = new Map<string, number>();
  /** Pages that were asked for, by socket and id. */
  const asked = new Map<string, number>();
  let reads = 0;

  const numberOf = (client_id: string): number => {
    const number = numbers.get(client_id) ?? numbers.size + 1;
    numbers.set(client_id, number);
    return number;
  };
  const add = (type: "invoke" | Outcome, client: string, micro: Micro, at = now()): void =>
    void events.push({ type, client, time_ns: Math.round(at * 1e6), micros: [micro] });
  const elementsOf = (messages: readonly Message[]): number[] =>
    messages.flatMap(({ client_id }) => (client_id === undefined ? [] : [numberOf(client_id)]));
  const read = (list: ChannelId, messages: readonly Message[], since: number): void => {
    const client = `reader ${++reads}`;
    add("invoke", client, { op: "read", list, elements: undefined }, since);
    add("ok", client, { op: "read", list, elements: elementsOf(messages) });
  };
  const sends = new Map<string, ChannelId>();

  return {
    witness: {
      ...inner,
      intended(intent) {
        inner.intended(intent);
        const { client_id, channel } = intent;
        sends.set(client_id, channel);
        // Each send is a client of its own: a device has many under way, in one queue.
        add("invoke", client_id, { op: "append", list: channel, element: numberOf(client_id) });
      },
      settled(client_id, outcome) {
        inner.settled(client_id, outcome);
        const list = sends.get(client_id);
        if (list === undefined) return;
        sends.delete(client_id);
        const append: Micro = { op: "append", list, element: numberOf(client_id) };
        add("sent" in outcome ? "ok" : "fail", client_id, append);
      },
      heard(who, socket, text) {
        inner.heard(who, socket, text);
        if (text.startsWith('{"type":"history"')) {
          const { id } = JSON.parse(text) as Frame;
          asked.set(`${socket} ${id}`, now());
        }
      },
      told(who, socket, text) {
        inner.told(who, socket, text);
        if (!text.startsWith('{"type":"messages"')) return;
        const { id, channel, messages, more_before, more_after } = JSON.parse(text) as Frame;
        const since = asked.get(`${socket} ${id}`);
        const whole = messages?.[0]?.seq === 1 && !more_before && !more_after;
        if (whole && channel && since !== undefined) read(channel, messages, since);
      },
    },
    events(rows) {
      const lists = new Map<ChannelId, Message[]>();
      for (const put of rows.all()) {
        if (put.table !== "messages" || !put.row) continue;
        const list = lists.get(put.key[0]) ?? [];
        list.push(put.row);
        lists.set(put.key[0], list);
      }
      for (const [channel, messages] of lists) {
        messages.sort((a, b) => a.seq - b.seq);
        read(channel, messages, now());
      }
      return events.toSorted((a, b) => a.time_ns - b.time_ns);
    },
  };
}
