/**
 * Who depends on whom, after Adya: `ww` appended next behind another's element, `wr` read up to another's element, `rw`
 * did not read what another appended next; `rt` began after another's end. Real time goes through nodes of its own, one
 * an end, so that there are no more edges than events.
 */
import type { Transaction } from "./history.ts";
import { appendsOf } from "./lists.ts";
import type { List } from "./lists.ts";

export type Kind = "ww" | "wr" | "rw" | "rt";
export type Edge = { to: number; kind: Kind };
/** Transactions are their ids; the nodes of time come after them. */
export type Graph = { edges: Edge[][]; transactions: number };

export function toGraph(transactions: readonly Transaction[], lists: readonly List[]): Graph {
  const edges: Edge[][] = transactions.map(() => []);
  const link = (from: number | undefined, to: number | undefined, kind: Kind): void => {
    if (from !== undefined && to !== undefined && from !== to) edges[from]?.push({ to, kind });
  };
  for (const list of lists) linkList(list, link);
  linkTime(transactions, edges);
  return { edges, transactions: transactions.length };
}

type Link = (from: number | undefined, to: number | undefined, kind: Kind) => void;

function linkList({ order, places, writers, reads }: List, link: Link): void {
  const writerOf = (place: number): number | undefined =>
    writers.get(order[place] ?? Number.NaN)?.id;
  for (const place of order.keys()) link(writerOf(place - 1), writerOf(place), "ww");
  const unread = [...writers]
    .filter(([element, { outcome }]) => outcome === "ok" && !places.has(element))
    .map(([, { id }]) => id);
  for (const { by, elements } of reads) {
    link(writers.get(elements.at(-1) ?? Number.NaN)?.id, by.id, "wr");
    link(by.id, writerOf(elements.length), "rw");
    // What nobody has read yet comes after all that was read.
    if (elements.length === order.length) for (const id of unread) link(by.id, id, "rw");
  }
}

function linkTime(transactions: readonly Transaction[], edges: Edge[][]): void {
  const ends = transactions
    .filter(({ outcome }) => outcome === "ok")
    .toSorted((a, b) => a.end - b.end);
  let [next, now]: [number, number | undefined] = [0, undefined];
  for (const { id, begin } of transactions) {
    for (let ended = ends[next]; ended && ended.end < begin; ended = ends[++next]) {
      const moment = edges.push([]) - 1;
      edges[ended.id]?.push({ to: moment, kind: "rt" });
      if (now !== undefined) edges[now]?.push({ to: moment, kind: "rt" });
      now = moment;
    }
    if (now !== undefined) edges[now]?.push({ to: id, kind: "rt" });
  }
}

/** Only what took effect may be part of a cycle. */
export function tookEffect(transaction: Transaction, lists: ReadonlyMap<string, List>): boolean {
  if (transaction.outcome !== "info") return transaction.outcome === "ok";
  return appendsOf(transaction).some(({ list, element }) => lists.get(list)?.places.has(element));
}
