/**
 * What is carried from one place to another: conversations, accounts and media. What belongs to a place stays there: how
 * far a log was flushed, what shards told each other, and a shard's own bounds, which go into the manifest.
 */
import type { AccountTable } from "@damso/core/ports/rows";
import type { TableName } from "@damso/core/tables";

/** Each table of `core/tables.ts`: carried as it is, carried with another first column, or left. */
const CARRIED: Record<TableName, "same" | "by user" | "left"> = {
  channels: "same",
  messages: "same",
  bodies: "same",
  sends: "same",
  marks: "same",
  users: "same",
  feed: "same",
  user_channels: "same",
  /** Its bucket is the shard of the user, wherever that is. */
  pushes: "by user",
  checkpoint: "left",
  flushed: "left",
  tells: "left",
  fed: "left",
};

export const ALL_TABLES: readonly TableName[] = Object.keys(CARRIED) as TableName[];
export const SHARD_TABLES: readonly TableName[] = ALL_TABLES.filter(
  (table) => CARRIED[table] !== "left",
);

/** `users` of the shards is a home, and of the accounts a person: so files are named by both. */
export const nameOf = (table: TableName): string => `history.${table}`;
export const accountNameOf = (table: AccountTable): string => `accounts.${table}`;

/** The key as it is in every place: a bucket says nothing of a push. */
export function portableKey(
  table: TableName,
  key: readonly (string | number)[],
): readonly (string | number)[] {
  return CARRIED[table] === "by user" ? [0, ...key.slice(1)] : key;
}

/** The key in a place where `shardOf` names the shard of a user. */
export function placedKey(
  table: TableName,
  key: readonly (string | number)[],
  shardOf: (user_id: string) => number,
): readonly (string | number)[] {
  return CARRIED[table] === "by user" ? [shardOf(String(key[2])), ...key.slice(1)] : key;
}
