/** Cycles of dependencies, each named by the weakest kinds of edges that close it. */
import type { Graph, Kind } from "./graph.ts";
import type { Anomaly } from "./lists.ts";

type Level = { name: string; kinds: readonly Kind[] };

/** From what no store may show to what only a strictly serializable one may not. */
const LEVELS: readonly Level[] = [
  { name: "G0", kinds: ["ww"] },
  { name: "G1c", kinds: ["ww", "wr"] },
  { name: "G2", kinds: ["ww", "wr", "rw"] },
  { name: "G0-realtime", kinds: ["ww", "rt"] },
  { name: "G1c-realtime", kinds: ["ww", "wr", "rt"] },
  { name: "G2-realtime", kinds: ["ww", "wr", "rw", "rt"] },
];
const SHOWN = 6;

/** One anomaly for each set of transactions that depend on each other in a circle, by its first level. */
export function findCycles(graph: Graph): Anomaly[] {
  const taken = new Set<number>();
  return LEVELS.flatMap((level) =>
    components(graph, level.kinds)
      .filter((component) => component.length > 1 && !component.some((node) => taken.has(node)))
      .map((component) => {
        for (const node of component) taken.add(node);
        const ids = component.filter((node) => node < graph.transactions);
        return { name: nameOf(graph, level, component), text: `among ${describe(ids)}` };
      }),
  );
}

function describe(ids: readonly number[]): string {
  const more = ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : "";
  return (
    ids
      .toSorted((a, b) => a - b)
      .slice(0, SHOWN)
      .join(", ") + more
  );
}

/** `G-single`: one of its cycles has a single `rw`. */
function nameOf(graph: Graph, { name, kinds }: Level, component: readonly number[]): string {
  if (!kinds.includes("rw")) return name;
  const members = new Set(component);
  const others = kinds.filter((kind) => kind !== "rw");
  const isSingle = component.some((from) =>
    (graph.edges[from] ?? []).some(
      ({ to, kind }) => kind === "rw" && members.has(to) && reaches(graph, to, from, others),
    ),
  );
  return isSingle ? name.replace("G2", "G-single") : name;
}

function reaches(graph: Graph, from: number, to: number, kinds: readonly Kind[]): boolean {
  const seen = new Set([from]);
  const open = [from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === to) return true;
    for (const edge of graph.edges[node] ?? []) {
      if (!kinds.includes(edge.kind) || seen.has(edge.to)) continue;
      seen.add(edge.to);
      open.push(edge.to);
    }
  }
  return false;
}

type Visit = { node: number; edge: number };
type Search = {
  graph: Graph;
  kinds: readonly Kind[];
  index: (number | undefined)[];
  low: number[];
  stack: number[];
  isOnStack: boolean[];
  next: number;
  found: number[][];
};

/** Strongly connected components. R. Tarjan, 1972; with a stack of its own, because histories are long. */
export function components(graph: Graph, kinds: readonly Kind[]): number[][] {
  const search: Search = {
    graph,
    kinds,
    index: graph.edges.map(() => undefined),
    low: [],
    stack: [],
    isOnStack: [],
    next: 0,
    found: [],
  };
  for (const node of graph.edges.keys()) {
    if (search.index[node] === undefined) visit(search, node);
  }
  return search.found;
}

function enter(search: Search, node: number): Visit {
  search.index[node] = search.low[node] = search.next++;
  search.stack.push(node);
  search.isOnStack[node] = true;
  return { node, edge: 0 };
}

function visit(search: Search, root: number): void {
  const { graph, kinds, index, low, isOnStack } = search;
  const path = [enter(search, root)];
  for (let top = path.at(-1); top; top = path.at(-1)) {
    const edge = graph.edges[top.node]?.[top.edge++];
    if (!edge) {
      leave(search, path);
    } else if (kinds.includes(edge.kind)) {
      const seen = index[edge.to];
      if (seen === undefined) path.push(enter(search, edge.to));
      else if (isOnStack[edge.to]) low[top.node] = Math.min(low[top.node] ?? seen, seen);
    }
  }
}

function leave({ index, low, stack, isOnStack, found }: Search, path: Visit[]): void {
  const node = path.pop()?.node ?? 0;
  const parent = path.at(-1)?.node;
  const own = low[node] ?? 0;
  if (parent !== undefined) low[parent] = Math.min(low[parent] ?? own, own);
  if (own !== index[node]) return;
  const component = stack.splice(stack.lastIndexOf(node));
  for (const member of component) isOnStack[member] = false;
  found.push(component);
}
