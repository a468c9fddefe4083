/**
 * Into how many shards a cluster is divided, and in which epoch of its logs: written down beside the rows, because a node
 * that believes something else would look for channels where they are not, and give out numbers twice. A change rewrites
 * what belongs to a shard and not to a conversation. Rule S19; docs/adr/0012.
 */
import type { Cell } from "@damso/core/ports/cell";
import type { Scans } from "@damso/core/ports/rows";
import type { Table } from "@damso/core/ports/table";
import { undrained, usedLogs } from "./drained.ts";
import type { DrainedDeps } from "./drained.ts";
import { reshape } from "./reshape.ts";

export type Shape = { shards: number; epoch: number };

/** What the cell holds. */
export type ShapeState =
  | { kind: "settled"; shape: Shape }
  /** What is rewritten follows from this alone, so that whoever finds it can go on. */
  | { kind: "changing"; shape: Shape; from: Shape; at: number }
  /** Rows are being put in, and nobody may serve them yet. */
  | { kind: "importing"; shape: Shape; at: number };

/** A sentence for the operator: nothing was changed. */
export const SHAPE = "shape";

export function shapeFailure(message: string): Error & { code: typeof SHAPE } {
  return Object.assign(new Error(message), { code: SHAPE } as const);
}

export type ShapeDeps = DrainedDeps & { cell: Cell; table: Table & Scans; now: number };

/**
 * Resolves when the cluster has this shape. A new epoch is begun by the first node that comes with it, once all of the
 * former one is in the table. `restored`: the stores were put back, and what the logs hold beyond them is given up.
 */
export async function settleShape(
  deps: ShapeDeps,
  wanted: Shape,
  { restored = false }: { restored?: boolean } = {},
): Promise<void> {
  for (;;) {
    const text = await deps.cell.read();
    const next = await step(deps, wanted, parseShape(text), restored);
    if (next === undefined) return;
    if (next === "again") continue;
    const swapped = await deps.cell.swap(text, JSON.stringify(next));
    if (swapped && next.kind === "settled") return;
  }
}

export function parseShape(text: string | undefined): ShapeState | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as ShapeState);
}

/** The next state, or nothing when the wanted one is there. Whoever loses a swap looks again. */
async function step(
  deps: ShapeDeps,
  wanted: Shape,
  state: ShapeState | undefined,
  restored: boolean,
): Promise<ShapeState | "again" | undefined> {
  if (!state) return { kind: "settled", shape: wanted };
  const { shape } = state;
  switch (state.kind) {
    case "importing":
      throw shapeFailure(
        "an import into this cluster has not come to its end: empty its keyspace and database, and import again",
      );
    case "changing":
      if (!isSame(shape, wanted))
        throw shapeFailure(`the cluster is being changed to ${say(shape)}`);
      await reshape(deps.table, state);
      return { kind: "settled", shape };
    case "settled":
      if (!isSame(shape, wanted)) return await begin(deps, shape, wanted, restored);
      if (restored)
        throw shapeFailure(
          `the cluster is in epoch ${shape.epoch} already: after a restore it begins another one, --epoch ${shape.epoch + 1}`,
        );
      return undefined;
  }
}

async function begin(
  deps: ShapeDeps,
  from: Shape,
  wanted: Shape,
  restored: boolean,
): Promise<ShapeState | "again"> {
  if (wanted.epoch <= from.epoch)
    throw shapeFailure(
      `this cluster has ${say(from)}, not ${say(wanted)}: start with those numbers, or, to change them, ` +
        `drain it and start with --epoch ${from.epoch + 1}`,
    );
  const reason =
    (await usedLogs(deps, wanted)) ??
    (await undrained(deps, from, { restored, shards: wanted.shards }));
  if (reason === undefined) return { kind: "changing", shape: wanted, from, at: deps.now };
  // Another node with the same wish may have been quicker, and be listed by now.
  const state = parseShape(await deps.cell.read());
  if (state && state.shape.epoch > from.epoch) return "again";
  throw shapeFailure(`${say(from)} cannot become ${say(wanted)}: ${reason}`);
}

export const isSame = (a: Shape, b: Shape): boolean => a.shards === b.shards && a.epoch === b.epoch;

/** As an operator writes it. */
export const say = ({ shards, epoch }: Shape): string => `--shards ${shards} --epoch ${epoch}`;
