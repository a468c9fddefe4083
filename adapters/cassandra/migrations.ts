/** The tables, as the numbered steps that make them. A step that has shipped is never edited; a change is a new step. */
import type { TableName } from "@damso/core/tables";
import { createEnds } from "./buckets.ts";
import { createCluster } from "./cell.ts";
import { createTable } from "./cql.ts";

export type Migration = {
  number: number;
  name: string;
  /** Each may have run before: a node that died in the middle leaves the rest to the next one. */
  statements(keyspace: string): string[];
};

const FIRST: readonly TableName[] = [
  "channels",
  "messages",
  "bodies",
  "sends",
  "marks",
  "users",
  "feed",
  "user_channels",
  "pushes",
  "checkpoint",
  "flushed",
  "tells",
  "fed",
];

export const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: "tables",
    statements: (keyspace) => [
      createEnds(keyspace),
      ...FIRST.map((table) => createTable(keyspace, table)),
    ],
  },
  { number: 2, name: "cluster", statements: (keyspace) => [createCluster(keyspace)] },
];
