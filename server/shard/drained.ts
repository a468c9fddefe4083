/** Whether all that a cluster has decided is in its table, so that nothing is left behind when the table is taken over. */
import type { Discovery } from "@damso/core/ports/discovery";
import type { Table } from "@damso/core/ports/table";
import type { Shape } from "./shape.ts";

export type DrainedDeps = {
  table: Table;
  discovery: Pick<Discovery, "list" | "owners">;
  /** Of the log of a shard in an epoch; undefined when there is none. */
  logEnds: (shape: Shape, shard: number) => Promise<{ first: number; last: number } | undefined>;
};

export type DrainedOptions = {
  /** What the logs hold beyond the table does not count: it is from after the backup. */
  restored?: boolean;
  /** How many shards there are going to be. */
  shards?: number;
};

/** Asked of NATS and Cassandra at once. */
const SHARDS_AT_ONCE = 16;

/** What is left to do, as the end of a sentence; nothing when the cluster is drained. */
export async function undrained(
  deps: DrainedDeps,
  shape: Shape,
  { restored = false, shards }: DrainedOptions = {},
): Promise<string | undefined> {
  const [nodes, owners] = await Promise.all([deps.discovery.list(), deps.discovery.owners()]);
  const names = [...new Set([...nodes.map(({ node_id }) => node_id), ...owners.values()])];
  if (names.length > 0)
    return `stop all nodes first (${names.toSorted().join(", ")} still listed; a killed one is for 10 s)`;
  // Tells of restored shards are delivered again, by the shards that have them.
  const areTellsKept = restored && shards === shape.shards;
  const found = await ofEach(
    shape,
    async (shard) =>
      (restored ? undefined : await unflushed(deps, shape, shard)) ??
      (areTellsKept ? undefined : await untold(deps, shard)),
  );
  const reasons = found.filter((reason) => reason !== undefined);
  const [first, ...more] = reasons;
  if (first === undefined) return undefined;
  const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
  return `${first}${others}: start one node with --roles shard, and stop it when its metrics say that nothing waits`;
}

/** Logs of an epoch that is to begin would be read as if this cluster had written them: they are of another life of it. */
export async function usedLogs(
  { logEnds }: Pick<DrainedDeps, "logEnds">,
  shape: Shape,
): Promise<string | undefined> {
  const ends = await ofEach(shape, (shard) => logEnds(shape, shard));
  return ends.some((one) => one !== undefined && one.last > 0)
    ? `there are logs of epoch ${shape.epoch} already: take an epoch that never was`
    : undefined;
}

/** How far all logs go, as a text: another one when a shard has been opened since. */
export async function logMark(
  { logEnds }: Pick<DrainedDeps, "logEnds">,
  shape: Shape,
): Promise<string> {
  const ends = await ofEach(shape, (shard) => logEnds(shape, shard));
  return ends.map((one) => one?.last ?? 0).join(" ");
}

/** What `ask` says of each shard, in their order. */
async function ofEach<T>({ shards }: Shape, ask: (shard: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  const waiting = Array.from({ length: shards }, (_, shard) => shard).values();
  async function askSome(): Promise<void> {
    for (const shard of waiting) answers[shard] = await ask(shard);
  }
  await Promise.all(Array.from({ length: SHARDS_AT_ONCE }, askSome));
  return answers;
}

async function unflushed(
  { table, logEnds }: DrainedDeps,
  shape: Shape,
  shard: number,
): Promise<string | undefined> {
  const [ends, row] = await Promise.all([logEnds(shape, shard), table.get("flushed", [shard])]);
  const position = row?.epoch === shape.epoch ? row.position : 0;
  const last = ends?.last ?? 0;
  if (last > position) return `shard ${shard} has records that are not in the table`;
  if (position > last) return `the log of shard ${shard} ends before what the table has of it`;
  return undefined;
}

async function untold({ table }: DrainedDeps, shard: number): Promise<string | undefined> {
  // From the beginning it would read what was deleted in the last hours, which a table refuses.
  const from = (await table.get("checkpoint", [shard]))?.tells_from ?? 0;
  const rows = await table.range("tells", { prefix: [shard], from, limit: 1 });
  return rows.length > 0 ? `shard ${shard} has told others what they have not taken` : undefined;
}
