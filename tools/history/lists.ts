/** What can be seen of each list by itself: its order, and what its reads lack or have too much. */
import type { Micro, Transaction } from "./history.ts";

export type Anomaly = { name: string; text: string };

export type Read = { by: Transaction; elements: readonly number[] };

export type List = {
  name: string;
  /** Who appended each element; the first, if there were several. */
  writers: Map<number, Transaction>;
  reads: Read[];
  /** The longest read: the order in which the elements came. */
  order: readonly number[];
  places: Map<number, number>;
};

type Append = Extract<Micro, { op: "append" }>;

export const appendsOf = ({ micros }: Transaction): Append[] =>
  micros.filter((micro) => micro.op === "append");

/** All lists, and what is wrong already with the appends. */
export function collect(transactions: readonly Transaction[], anomalies: Anomaly[]): List[] {
  const lists = new Map<string, List>();
  const listOf = (name: string): List => {
    const empty = { name, writers: new Map(), reads: [], order: [], places: new Map() };
    const list: List = lists.get(name) ?? empty;
    lists.set(name, list);
    return list;
  };
  for (const by of transactions) {
    for (const micro of by.micros) {
      const list = listOf(micro.list);
      if (micro.op === "append") addAppend(list, micro.element, by, anomalies);
      else if (by.outcome === "ok" && micro.elements) {
        list.reads.push({ by, elements: micro.elements });
      }
    }
  }
  for (const list of lists.values()) setOrder(list);
  return [...lists.values()];
}

function addAppend(list: List, element: number, by: Transaction, anomalies: Anomaly[]): void {
  if (!list.writers.has(element)) list.writers.set(element, by);
  else anomalies.push({ name: "duplicate-append", text: `${element} twice to ${list.name}` });
}

function setOrder(list: List): void {
  for (const { elements } of list.reads) {
    if (elements.length > list.order.length) list.order = elements;
  }
  list.places = new Map(list.order.map((element, place) => [element, place]));
}

export function checkList(list: List): Anomaly[] {
  return [...list.reads.flatMap((read) => checkRead(list, read)), ...checkTime(list)];
}

function checkRead(list: List, { by, elements }: Read): Anomaly[] {
  const anomalies: Anomaly[] = [];
  const where = `in ${list.name}, read by ${by.id}`;
  const found = (name: string, what: string): void =>
    void anomalies.push({ name, text: `${what} ${where}` });
  const odd = elements.find((element, at) => element !== list.order[at]);
  if (odd !== undefined) found("incompatible-order", `${odd} is not where others saw it`);
  if (new Set(elements).size < elements.length) found("duplicate-elements", "an element is twice");
  for (const element of elements) {
    const writer = list.writers.get(element);
    if (!writer) found("phantom", `${element}, which nobody appended, is`);
    else if (writer.outcome === "fail") found("G1a", `${element}, whose append failed, is`);
  }
  const last = elements.at(-1);
  if (last !== undefined && isIntermediate(list, last, by)) found("G1b", `${last} is the last`);
  return anomalies;
}

/** Its transaction appended more to the same list afterwards. */
function isIntermediate(list: List, element: number, reader: Transaction): boolean {
  const writer = list.writers.get(element);
  if (!writer || writer === reader) return false;
  const own = appendsOf(writer).filter((micro) => micro.list === list.name);
  return own.at(-1)?.element !== element;
}

type Moment = { at: number; length: number; element?: number };

/** A read has what was acknowledged, or was read, before it began. */
function checkTime(list: List): Anomaly[] {
  const ends = [...endsOf(list)].toSorted((a, b) => a.at - b.at);
  const reads = list.reads.toSorted((a, b) => a.by.begin - b.by.begin);
  const anomalies: Anomaly[] = [];
  let [next, wanted, missing]: [number, number, number | undefined] = [0, 0, undefined];
  for (const { by, elements } of reads) {
    for (let end = ends[next]; end && end.at < by.begin; end = ends[++next]) {
      if (end.length > wanted) [wanted, missing] = [end.length, end.element];
    }
    if (elements.length >= wanted) continue;
    const isLost = missing !== undefined && !list.places.has(missing);
    const text = isLost
      ? `${missing}, acknowledged in ${list.name}, is not in what ${by.id} read later`
      : `${by.id} read ${elements.length} of ${list.name}, where ${wanted} were known before`;
    anomalies.push({ name: isLost ? "lost-append" : "stale-read", text });
  }
  return anomalies;
}

/** When it was known of how many elements that they are there; of a lost one: of more than there ever were. */
function* endsOf(list: List): Generator<Moment> {
  for (const [element, { outcome, end }] of list.writers) {
    if (outcome !== "ok") continue;
    yield { at: end, length: (list.places.get(element) ?? Infinity) + 1, element };
  }
  for (const { by, elements } of list.reads) yield { at: by.end, length: elements.length };
}
