import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { rejection } from "@damso/contracts/rejection";
import { until } from "@damso/contracts/until";
import type { Stamped } from "@damso/core/ports/table";
import type { PushRow, TableName, Tables } from "@damso/core/tables";
import type { ChannelId, ClientId, UserId } from "@damso/protocol/ids";
import { freshKeyspace } from "./keyspace.testing.ts";
import { LAYOUT } from "./layout.ts";
import { openCassandraTable } from "./open.ts";
import { startProxy } from "./proxy.testing.ts";

const { options, client } = await freshKeyspace("rows");
const table = await openCassandraTable(options, 1);
afterAll(() => table.close());

let channels = 0;
/** Of each test, so that nothing has to be cleared. */
let channel: ChannelId;
beforeEach(() => {
  channel = `g15000000000000000${++channels + 10}` as ChannelId;
});

const user = (n: number): UserId => `100000000000000000${n}` as UserId;

type Message = Tables["messages"]["row"];

function message(seq: number, stamp = 1): Stamped {
  const row = { seq, body: `m${seq}` } as unknown as Message;
  return { put: { table: "messages", key: [channel, seq], row }, stamp };
}

async function seqs(range: object): Promise<number[]> {
  const rows = await table.range("messages", { prefix: [channel], limit: 100, ...range });
  return rows.map(({ key }) => key[1]);
}

describe("a channel in several partitions", () => {
  const size = LAYOUT.messages.bucket_rows ?? 0;
  const around = [1, 2, size - 1, size, size + 1, 3 * size, 3 * size + 1];

  test("[S3] a range goes on where a partition ends, both ways, with and without bounds", async () => {
    await table.write(around.map((seq) => message(seq)));
    expect(await seqs({})).toEqual(around);
    expect(await seqs({ reverse: true })).toEqual(around.toReversed());
    expect(await seqs({ reverse: true, limit: 1 })).toEqual([3 * size + 1]);
    expect(await seqs({ limit: 5 })).toEqual(around.slice(0, 5));
    expect(await seqs({ from: 2, to: size })).toEqual([2, size - 1, size]);
    expect(await seqs({ from: size - 1, to: 3 * size, reverse: true, limit: 3 })).toEqual([
      3 * size,
      size + 1,
      size,
    ]);
    expect(await seqs({ from: size + 1, to: Number.MAX_SAFE_INTEGER })).toEqual(around.slice(4));
    expect(await seqs({ to: Number.MAX_SAFE_INTEGER, reverse: true, limit: 2 })).toEqual([
      3 * size + 1,
      3 * size,
    ]);
    expect(await seqs({ from: 5 * size })).toEqual([]);
    expect(await seqs({ from: 9, to: 3 })).toEqual([]);
    const partitions = await client.execute(
      `SELECT DISTINCT channel_id, bucket FROM ${options.keyspace}.messages
       WHERE channel_id = '${channel}' ALLOW FILTERING`,
    );
    expect(partitions.rowLength).toBe(3);
  });

  test("[S3] keys of several partitions are found together, in the order asked for", async () => {
    await table.write(around.map((seq) => message(seq)));
    const keys = [...around.toReversed(), 7].map((seq) => [channel, seq] as const);
    const found = await table.many("messages", keys);
    expect(found.map((row) => row?.seq)).toEqual([...around.toReversed(), undefined]);
    expect(await table.many("messages", [])).toEqual([]);
  });

  test("[S14] the last partition stays known when an earlier one is written later", async () => {
    await table.write([message(3 * size)]);
    const other = await openCassandraTable(options, 1);
    await other.write([message(size)]);
    await other.close();
    expect(await seqs({ reverse: true, limit: 1 })).toEqual([3 * size]);
  });
});

describe("rows as they are", () => {
  test("[S3] keys of every table come back as they went, numbers as numbers", async () => {
    const ms = 1_790_000_000_000;
    const client_id = "018f0000-0000-7000-8000-000000000001" as ClientId;
    const keys: { [T in TableName]: Tables[T]["key"] } = {
      channels: [channel],
      messages: [channel, 7],
      bodies: [channel, 8],
      sends: [channel, 680, user(1), client_id],
      marks: [channel],
      users: [user(1)],
      feed: [user(1), 2 ** 53 - 1],
      user_channels: [user(1), channel],
      pushes: [63, ms, user(1), 7],
      checkpoint: [63],
      flushed: [63],
      tells: [63, 2 ** 53 - 1],
      fed: [63, 62],
    };
    for (const name of Object.keys(keys) as TableName[]) {
      const key = keys[name];
      const put = { table: name, key, row: { at: name } } as unknown as Stamped["put"];
      await table.write([{ put, stamp: 8191 * 2 ** 40 }]);
      const prefix = key.slice(0, LAYOUT[name].partition);
      const found: unknown = await table.range(name, { prefix, limit: 10 });
      expect(found).toEqual([{ key, row: { at: name } }]);
      expect(await table.get(name, key as never)).toEqual({ at: name } as never);
    }
  }, 30_000);

  test("[S3] texts are in the order of their letters, and a range may name more than the partition", async () => {
    const names = ["d1.2", "d1.3", "g10", "g9"] as ChannelId[];
    const row = { pos: 1 } as unknown as Tables["user_channels"]["row"];
    await table.write(
      names.toReversed().map((name) => ({
        put: { table: "user_channels", key: [user(2), name], row },
        stamp: 1,
      })),
    );
    const found = await table.range("user_channels", { prefix: [user(2)], from: "d1.3", limit: 9 });
    expect(found.map(({ key }) => key[1])).toEqual(names.slice(1));

    const push = (due_at: number, n: number): Stamped => ({
      put: { table: "pushes", key: [5, due_at, user(n), 1], row: { seq: n } as PushRow },
      stamp: 1,
    });
    await table.write([push(9, 1), push(10, 2), push(10, 1), push(100, 1)]);
    const users = async (range: object): Promise<unknown[]> => {
      const rows = await table.range("pushes", { prefix: [5], limit: 9, ...range });
      return rows.map(({ key }) => [key[1], key[2]]);
    };
    expect(await users({ to: 10 })).toEqual([
      [9, user(1)],
      [10, user(1)],
      [10, user(2)],
    ]);
    expect(await users({ prefix: [5, 10], reverse: true })).toEqual([
      [10, user(2)],
      [10, user(1)],
    ]);
  });

  test("[S14] of two rows with one stamp one stands whole, whatever their fields", async () => {
    const rows = [
      { kind: "direct", name: "b", pins: [1] },
      { kind: "group", name: "a", ahead: 9 },
    ] as unknown as Tables["channels"]["row"][];
    for (const order of [rows, rows.toReversed()]) {
      const key = [`g${order === rows ? 1 : 2}` as ChannelId] as const;
      for (const row of order)
        await table.write([{ put: { table: "channels", key, row }, stamp: 3 }]);
      expect(await table.get("channels", key)).toEqual(rows[1]);
    }
  });

  test("[I11] the longest bodies fit, alone and many in one write", async () => {
    const body = "\u{1f600}".repeat(100_000);
    const rows = Array.from({ length: 30 }, (_, i): Stamped => ({
      put: { table: "bodies", key: [channel, i], row: { body } },
      stamp: 1,
    }));
    await table.write(rows);
    const found = await table.many(
      "bodies",
      rows.map((_, i) => [channel, i] as const),
    );
    expect(found.every((row) => row?.body === body)).toBe(true);
  }, 30_000);

  test("[S3] more rows than one page are read to the end", async () => {
    const row = { kind: "account", changed: "profile" } as const;
    await table.write(
      Array.from({ length: 1_234 }, (_, i) => ({
        put: { table: "feed", key: [user(3), i + 1], row },
        stamp: 1,
      })),
    );
    const found = await table.range("feed", { prefix: [user(3)], limit: 2_000 });
    expect(found.map(({ key }) => key[1])).toEqual(Array.from({ length: 1_234 }, (_, i) => i + 1));
    const some = await table.range("feed", { prefix: [user(3)], limit: 700, reverse: true });
    expect(some.map(({ key }) => key[1])).toEqual(Array.from({ length: 700 }, (_, i) => 1_234 - i));
  });
});

describe("what goes wrong", () => {
  test("[S11] a node that is away is `unavailable`, and is found again without being asked", async () => {
    const proxy = startProxy({ host: options.hosts[0] ?? "", port: options.port });
    const far = await openCassandraTable({ ...options, port: proxy.port, timeout_ms: 500 }, 1);
    const write = (): Promise<void> =>
      far.write([{ put: { table: "fed", key: [1, 1], row: { n: 1 } }, stamp: 1 }]);
    await write();
    proxy.unplug();
    expect(await rejection(write())).toMatchObject({ code: "unavailable" });
    expect(await rejection(far.get("fed", [1, 1]))).toMatchObject({ code: "unavailable" });
    proxy.plug();
    await until(
      () =>
        write().then(
          () => true,
          () => false,
        ),
      "a write",
      10_000,
    );
    expect(await far.get("fed", [1, 1])).toEqual({ n: 1 });
    await far.close();
    expect(await rejection(write())).toMatchObject({ code: "unavailable" });
    proxy.close();
  }, 20_000);

  test("[I20] more requests than wait for their turn are refused as busy, and the others are answered", async () => {
    const asked = Array.from({ length: 22_000 }, () => table.get("fed", [9, 9]));
    const settled = await Promise.allSettled(asked);
    const refused = settled.filter((each) => each.status === "rejected");
    expect(refused).toHaveLength(22_000 - 20_000 - 256);
    expect(refused[0]?.reason).toMatchObject({ code: "busy" });
  }, 60_000);

  test("a range that does not name its partition is a mistake of the caller", async () => {
    const range = table.range("sends", { prefix: [channel], limit: 1 });
    expect(await rejection(range)).toMatchObject({
      message: expect.stringContaining("month is missing"),
    });
  });
});

describe("all rows, and the cell", () => {
  test("[S1] a scan gives every row of a table as text, whatever partition it is in", async () => {
    const own = (key: unknown): boolean => (key as unknown[])[0] === channel;
    const rows = Array.from({ length: 60 }, (_, at): Stamped => {
      const row = { body: `b${at}` };
      return { put: { table: "bodies", key: [channel, at * 7 + 1], row }, stamp: 1 };
    });
    await table.write(rows);
    await table.write([{ put: { table: "bodies", key: [channel, 1], row: null }, stamp: 2 }]);
    const found: { key: readonly unknown[]; json: string }[] = [];
    for await (const page of table.scan("bodies")) found.push(...page);
    const mine = found.filter(({ key }) => own(key));
    expect(mine.toSorted((a, b) => Number(a.key[1]) - Number(b.key[1]))).toEqual(
      rows.slice(1).map(({ put }) => ({ key: put.key, json: JSON.stringify(put.row) })),
    );
  });

  test("[S19] of two who change the cell from what it was, one is told no", async () => {
    const { cell } = table;
    expect(await cell.read()).toBeUndefined();
    expect(await cell.swap("a", "b")).toBe(false);
    const both = await Promise.all([cell.swap(undefined, "a"), cell.swap(undefined, "b")]);
    expect(both.toSorted()).toEqual([false, true]);
    const first = both[0] ? "a" : "b";
    expect(await cell.read()).toBe(first);
    expect(await cell.swap(undefined, "c")).toBe(false);
    expect(await cell.swap(first, "c")).toBe(true);
    expect(await cell.read()).toBe("c");
  });
});
