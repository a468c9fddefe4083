import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ACCOUNT_TABLES } from "@damso/core/ports/rows";
import type { AccountRecord, AccountTable, Records } from "@damso/core/ports/rows";
import { openSqlite, openSqliteRecords } from "../sqlite/open.ts";
import { COLUMNS } from "./columns.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "damso-records-"));
});
afterEach(() => rm(directory, { recursive: true }));

const open = (name: string): Promise<Records> => openSqliteRecords(join(directory, name), 1);

async function all(records: Records, table: AccountTable): Promise<AccountRecord[]> {
  const found: AccountRecord[] = [];
  for await (const page of records.pages(table)) found.push(...page);
  return found;
}

const idOf = (at: number): string => String(1_000_000_000_000_000_000n + BigInt(at));

function user(at: number): AccountRecord {
  return {
    user_id: idOf(at),
    username: `user-${at}`,
    name: "한글 'quoted'",
    avatar: null,
    about: "",
    locale: at % 2 === 0 ? "ko" : null,
    presence: "everyone",
    who_may_message: "everyone",
    receipts: 1,
    push_direct: "all",
    push_group: "mentions",
    private_push: 0,
    created_at: 1_790_000_000_000 + at,
    updated_at: 2,
    deleted_at: null,
  };
}

test("[S20] the rows of each table come back as they went in, page after page", async () => {
  const records = await open("a");
  const users = Array.from({ length: 1203 }, (_, at) => user(at));
  await records.insert("users", users);
  const pairs = users
    .slice(1)
    .map((_, at) => ({ user_id: idOf(at % 3), other_id: idOf(at + 1), created_at: at }));
  await records.insert("contacts", pairs);
  expect(await all(records, "users")).toEqual(users);
  const names = pairs.map(({ user_id, other_id }) => `${user_id} ${other_id}`).toSorted();
  const found = await all(records, "contacts");
  expect(found.map(({ user_id, other_id }) => `${user_id} ${other_id}`)).toEqual(names);
  expect(await all(records, "blocks")).toEqual([]);
  await records.close();
});

test("[S20] changes that wait keep their order, and get numbers of the new place", async () => {
  const records = await open("b");
  const changes = Array.from({ length: 700 }, (_, at) => ({
    user_id: idOf(at % 2),
    change: `{"kind":"profile","at":${at}}`,
    created_at: at,
  }));
  await records.insert("outbox", changes);
  expect(await all(records, "outbox")).toEqual(changes);
  await records.close();
});

test("[S20] every column of the schema is carried, but for the outbox's own count", async () => {
  await (await open("c")).close();
  const database = await openSqlite(join(directory, "c"));
  for (const table of ACCOUNT_TABLES) {
    const columns = await database.read((sql) =>
      sql.unsafe<{ name: string; type: string }[]>(`PRAGMA table_info(${table})`),
    );
    const kinds = columns
      .filter(({ name }) => table !== "outbox" || name !== "id")
      .map(({ name, type }) => [name, type === "TEXT" ? "text" : "number"]);
    expect([table, Object.fromEntries(kinds)]).toEqual([table, COLUMNS[table].columns]);
  }
  await database.close();
});
