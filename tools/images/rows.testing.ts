/** Holds the rows of a store against the commits that it took, and against each other. */
import type { ShardStore } from "@damso/core/ports/store";
import { KEY_COLUMNS } from "@damso/core/tables";
import type { FeedRow, TableName } from "@damso/core/tables";
import type { Message } from "@damso/protocol/schema/message";
import { applyCommit, idOf, rowsAfter } from "./commits.testing.ts";
import type { CommitNote, Row, Rows } from "./commits.testing.ts";
import type { Commits } from "./trace.testing.ts";

const KEYS_AT_ONCE = 500;
const ROWS_MAX = 1_000_000;

/** What the store has under the keys of these rows. */
export async function readRows(store: ShardStore, rows: Rows): Promise<Rows> {
  const found: Rows = new Map();
  for (const [table, all] of Map.groupBy(rows.values(), (row) => row.table)) {
    for (let at = 0; at < all.length; at += KEYS_AT_ONCE) {
      await readSome(store, table, all.slice(at, at + KEYS_AT_ONCE), found);
    }
  }
  return found;
}

async function readSome(
  store: ShardStore,
  table: TableName,
  rows: readonly Row[],
  found: Rows,
): Promise<void> {
  const values = await store.many(
    table,
    rows.map(({ key }) => key as never),
  );
  for (const [at, { key }] of rows.entries()) {
    const value = values[at];
    const json = value === undefined ? undefined : JSON.stringify(value);
    found.set(idOf(table, key), { table, key, json });
  }
}

/** All rows of the partitions that these rows are in. */
export async function readPartitions(store: ShardStore, rows: Rows): Promise<Rows> {
  const found: Rows = new Map();
  for (const [table, all] of Map.groupBy(rows.values(), (row) => row.table)) {
    if (KEY_COLUMNS[table].length === 1) {
      const single = await readRows(store, new Map(all.map((row) => [String(row.key[0]), row])));
      for (const [id, row] of single) found.set(id, row);
      continue;
    }
    for (const partition of new Set(all.map(({ key }) => key[0] as string | number))) {
      const there = await store.range(table, { prefix: [partition], limit: ROWS_MAX });
      for (const { key, row } of there)
        found.set(idOf(table, key), { table, key, json: JSON.stringify(row) });
    }
  }
  return found;
}

/** The same as text. */
export async function dump(store: ShardStore, rows: Rows): Promise<string> {
  const found = await readPartitions(store, rows);
  return [...found].map(([id, { json }]) => `${id} ${json}`).join("\n");
}

/** No row is there that no commit has put there. Invariant I3. */
export function checkNothingElse(found: Rows, known: Rows): string[] {
  const more = [...found.keys()].filter((id) => !known.has(id));
  return more.length === 0 ? [] : [`[I3] nobody committed ${more.slice(0, 5).join(", ")}`];
}

/** Every acknowledged commit is there; the one under way wholly or not at all. Invariants I1, I13, rule S2. */
export function checkCommits(
  commits: readonly CommitNote[],
  { acknowledged, begun }: Commits,
  found: Rows,
): string[] {
  const before = rowsAfter(commits, acknowledged);
  const after = new Map(before);
  for (const commit of commits.slice(acknowledged, begun)) applyCommit(after, commit);
  const missing = differing(found, after, before);
  if (missing.length === 0) return [];
  const additional = differing(found, after, after);
  if (additional.length === 0) return [];
  const changed = [...after.keys()].filter((id) => after.get(id) !== before.get(id));
  const lost = missing.filter((id) => !changed.includes(id));
  if (lost.length > 0) return [`[I1] lost of acknowledged commits: ${lost.slice(0, 5).join(", ")}`];
  return [`[S2] commit ${begun} is torn: ${missing.length} of ${changed.length} rows are there`];
}

/** Of all keys, those whose row is not as it should be. */
function differing(found: Rows, keys: Rows, wanted: Rows): string[] {
  return [...keys.keys()].filter((id) => found.get(id)?.json !== wanted.get(id)?.json);
}

type Of<T> = { key: readonly (string | number)[]; row: T };

function tableOf<T>(rows: Rows, table: TableName): Of<T>[] {
  return [...rows.values()].flatMap(({ table: of, key, json }) =>
    of === table && json !== undefined ? [{ key, row: JSON.parse(json) as T }] : [],
  );
}

/** Each message has its proof of being sent, each member his entry of it, and nothing else is there. Invariants I7, I10. */
export function checkAgreement(rows: Rows): string[] {
  const messages = tableOf<Message>(rows, "messages");
  const texts = messages.filter(({ row }) => row.client_id !== undefined && row.kind === "text");
  const sent = texts.map(
    ({ row }) => `${row.channel} ${row.sender_id} ${row.client_id} ${row.seq}`,
  );
  const proofs = tableOf<{ seq: number }>(rows, "sends").map(
    ({ key: [channel, , sender, client_id], row }) =>
      `${channel} ${sender} ${client_id} ${row.seq}`,
  );
  return [
    ...unlike("[I4] messages and their proofs", sent, proofs),
    ...checkDense("[I7] messages", messages),
    ...checkDense("[I7] feed", tableOf<FeedRow>(rows, "feed")),
    ...unlike("[I10] members and entries", membersOf(rows, messages), entriesOf(rows)),
  ];
}

function unlike(what: string, a: readonly string[], b: readonly string[]): string[] {
  const [ofA, ofB] = [new Set(a), new Set(b)];
  const odd = [...a.filter((one) => !ofB.has(one)), ...b.filter((one) => !ofA.has(one))];
  if (odd.length === 0 && a.length === ofA.size && b.length === ofB.size) return [];
  return [`${what} differ: ${odd.slice(0, 5).join(", ")}`];
}

/** The second column of the key counts from 1 in each partition. */
function checkDense(what: string, rows: readonly Of<unknown>[]): string[] {
  const partitions = Map.groupBy(rows, ({ key }) => key[0]);
  return [...partitions].flatMap(([partition, all]) => {
    const numbers = all.map(({ key }) => Number(key[1])).toSorted((a, b) => a - b);
    const gap = numbers.findIndex((number, at) => number !== at + 1);
    return gap < 0 ? [] : [`${what} of ${partition} has no ${gap + 1}`];
  });
}

/** Nobody joins or leaves a group of the workload. */
function membersOf(rows: Rows, messages: readonly Of<Message>[]): string[] {
  const members = new Map(
    tableOf<{ members: { user_id: string }[] }>(rows, "channels").map(({ key, row }) => [
      key[0],
      row.members.map(({ user_id }) => user_id),
    ]),
  );
  return messages.flatMap(({ row: { channel, seq } }) =>
    (members.get(channel) ?? []).map((user) => `${user} ${channel} ${seq}`),
  );
}

function entriesOf(rows: Rows): string[] {
  return tableOf<FeedRow>(rows, "feed").flatMap(({ key, row }) =>
    row.kind === "message" ? [`${key[0]} ${row.channel} ${row.seq}`] : [],
  );
}
