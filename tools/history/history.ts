/**
 * A history of transactions over lists that are only appended to: what clients asked and were told, in the order in
 * which it happened. A conversation is a list, a send an append, a page of its whole history a read.
 * Source: Kingsbury and Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations", VLDB 2020.
 */

/** One step of a transaction. The elements of a read are undefined as long as nobody answered it. */
export type Micro =
  | { op: "append"; list: string; element: number }
  | { op: "read"; list: string; elements: readonly number[] | undefined };

/** `fail`: it did not happen. `info`: nobody knows whether it did, and it may still. */
export type Outcome = "ok" | "fail" | "info";

export type HistoryEvent = {
  type: "invoke" | Outcome;
  /** Does one thing at a time. */
  client: string;
  time_ns: number;
  micros: readonly Micro[];
};

export type Transaction = {
  /** Its place among the transactions, in the order of their beginnings. */
  id: number;
  outcome: Outcome;
  micros: readonly Micro[];
  /** Places of its two events in the history: what ends before another begins comes before it. */
  begin: number;
  end: number;
};

/** Pairs beginnings with ends; what has no end is `info`. Throws when a client does two things at a time. */
export function toTransactions(events: readonly HistoryEvent[]): Transaction[] {
  const open = new Map<string, Transaction>();
  const transactions: Transaction[] = [];
  for (const [at, { type, client, micros }] of events.entries()) {
    const current = open.get(client);
    if (type === "invoke") {
      if (current) throw new Error(`event ${at}: ${client} begins something while it waits`);
      const id = transactions.length;
      const begun: Transaction = { id, outcome: "info", micros, begin: at, end: Infinity };
      transactions.push(begun);
      open.set(client, begun);
      continue;
    }
    if (!current) throw new Error(`event ${at}: ${client} ends what it did not begin`);
    open.delete(client);
    current.outcome = type;
    if (type !== "info") current.end = at;
    if (type === "ok") current.micros = micros;
  }
  return transactions;
}
