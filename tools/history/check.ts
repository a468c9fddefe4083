/**
 * Judges a history of the list-append kind, after Elle: it is right when it could have come from a store that does one
 * transaction after the other, each at a moment between its beginning and its end (strict serializability).
 */
import { findCycles } from "./cycles.ts";
import { toGraph, tookEffect } from "./graph.ts";
import { toTransactions } from "./history.ts";
import type { HistoryEvent } from "./history.ts";
import { checkInternal } from "./internal.ts";
import { checkList, collect } from "./lists.ts";
import type { Anomaly } from "./lists.ts";

export type Verdict = { transactions: number; anomalies: Anomaly[] };

/** No anomalies: nothing was lost, doubled or reordered, and nobody saw what was not there. */
export function checkHistory(events: readonly HistoryEvent[]): Verdict {
  const transactions = toTransactions(events);
  const anomalies: Anomaly[] = [];
  const lists = collect(transactions, anomalies);
  anomalies.push(...lists.flatMap(checkList), ...transactions.flatMap(checkInternal));
  const byName = new Map(lists.map((list) => [list.name, list]));
  const graph = toGraph(transactions, lists);
  for (const transaction of transactions) {
    if (!tookEffect(transaction, byName)) graph.edges[transaction.id] = [];
  }
  anomalies.push(...findCycles(graph));
  return { transactions: transactions.length, anomalies };
}
