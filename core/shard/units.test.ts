import { expect, test } from "bun:test";
import type { ChannelId, ClientId, UserId } from "@damso/protocol/ids";
import type { Put } from "../tables.ts";
import { encodeCommit, rowsOf } from "../log/record.ts";
import { unitsOf } from "./units.ts";

const channel = "g1500000000000000001" as ChannelId;
const user = (n: number): UserId => `15000000000000${String(n).padStart(5, "0")}` as UserId;
const many = <T>(count: number, one: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => one(n));
/** What its JSON has six letters for. */
const NUL = "\u0001";

const own = {
  pos: 9_000_000,
  activity: 9_000_000,
  visible_from: 1,
  head: 9_000_000,
  read: 9_000_000,
  skipped: many(256, (n) => [9_000_000 + n, 9_000_000 + n] as never),
  mentions: many(1000, (n) => 9_000_000 + n),
  hidden: many(500, (n) => [9_000_000 + 2 * n, 9_000_000 + 2 * n] as const),
  cleared_to: 0,
  muted_until: "2026-11-23T12:00:00.000Z",
  draft: NUL.repeat(4096),
};
const message = {
  message_id: "1500000000000000001",
  channel,
  seq: 1,
  kind: "text",
  sender_id: user(1),
  body: NUL.repeat(1000),
  created_at: "2026-11-23T12:00:00.000Z",
};
const members = many(100, (n) => ({
  user_id: user(n),
  role: "member" as const,
  joined_at_seq: 9_000_000,
  visible_from: 9_000_000,
}));

const LONG: Put[] = [
  { table: "user_channels", key: [user(1), channel], row: own },
  {
    table: "channels",
    key: [channel],
    row: {
      kind: "group",
      created_at: "2026-11-23T12:00:00.000Z",
      created_by: user(1),
      client_id: "019f65c5-e895-7123-9567-000000000001" as ClientId,
      name: NUL.repeat(100),
      settings: { history: "all", invite: "members" },
      blocked_by: [],
      pins: many(100, (n) => 9_000_000 + n),
      members,
    },
  },
  {
    table: "marks",
    key: [channel],
    row: { marks: members.map(({ user_id }) => [user_id, 9_000_000, 9_000_000]) },
  },
  {
    table: "users",
    key: [user(1)],
    row: {
      covered: 9_000_000,
      tail: 9_000_000,
      ages: many(200, (n) => [9_000_000 + n, 1_700_000_000_000 + n]),
      last_active_at: 1_700_000_000_000,
      revoked: many(50, (n) => user(n) as never),
    },
  },
  {
    table: "tells",
    key: [3, 1],
    row: { tells: [{ kind: "message", channel, message, users: members.map((m) => m.user_id) }] },
  } as never,
  {
    table: "feed",
    key: [user(1), 7],
    row: { kind: "channel_settings", channel, set: { draft: NUL.repeat(4096) } } as never,
  },
  { table: "bodies", key: [channel, 7], row: { body: NUL.repeat(50_000) } },
  { table: "feed", key: [user(1), 6], row: null },
];

test("[S12] a batch is never longer as text than it was taken for, whatever grows in its rows", () => {
  for (const put of LONG) {
    const text = (puts: readonly Put[]): number => encodeCommit("n1/1", 1, rowsOf(puts)).length;
    const units = unitsOf([put]);
    const real = text([put]) - text([]);
    expect([put.table, units >= real]).toEqual([put.table, true]);
    // Else a batch would be far smaller than it may be.
    expect([put.table, units < 2 * real + 200]).toEqual([put.table, true]);
  }
});

test("[S12] the text of a row that is written once is made once", () => {
  const put = LONG.find(({ table }) => table === "tells") as Put;
  unitsOf([put]);
  expect(put.json).toBe(JSON.stringify(put.row));
  expect(rowsOf([put])[0]?.json).toBe(put.json as string);
});
