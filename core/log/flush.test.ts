import { expect, test } from "bun:test";
import type { Stamped } from "../ports/table.ts";
import { bodiesOf, body, CHANNEL, logScene, OTHER, outcome } from "./scene.testing.ts";

test("[S15] a flush writes each dirty partition once, then the position, then purges the log", async () => {
  const { log, table, told, open } = logScene();
  const writes: string[] = [];
  const store = await open({
    table: {
      ...table,
      async write(rows: readonly Stamped[]) {
        writes.push(rows.map(({ put }) => `${put.table} ${put.key.join("/")}`).join(", "));
        expect(await log.ends()).toEqual({ first: 1, last: 3 });
        await table.write(rows);
      },
    },
  });
  await store.commit([body(1, "a"), body(1, "x", OTHER)]);
  await store.commit([body(2, "b")]);
  await store.flush();
  expect(writes).toEqual([
    `bodies ${CHANNEL}/1, bodies ${CHANNEL}/2`,
    `bodies ${OTHER}/1`,
    "flushed 3",
  ]);
  expect(await log.ends()).toEqual({ first: 4, last: 3 });
  expect(told).toEqual(["flushed 3 to 3"]);
  writes.length = 0;
  await store.flush();
  expect(writes).toEqual([]);
});

test("[S14] every row carries the stamp of the record that last put it", async () => {
  const { table, open } = logScene();
  const stamps: [string, number][] = [];
  const store = await open({
    epoch: 7,
    table: {
      ...table,
      async write(rows: readonly Stamped[]) {
        for (const { put, stamp } of rows) stamps.push([put.key.join("/"), stamp - 7 * 2 ** 40]);
        await table.write(rows);
      },
    },
  });
  await store.commit([body(1, "a"), body(2, "b")]);
  await store.commit([body(1, "c"), body(3, null)]);
  await store.flush();
  expect(stamps).toEqual([
    [`${CHANNEL}/1`, 3],
    [`${CHANNEL}/2`, 2],
    [`${CHANNEL}/3`, 3],
    ["3", 3],
  ]);
});

for (const fault of ["lost", "part", "unanswered", "late"] as const) {
  test(`[S15] a flush with a write that was ${fault} moves neither position nor log, and the next one does`, async () => {
    const { log, table, told, open } = logScene();
    const store = await open();
    await store.commit([body(1, "a"), body(2, "b"), body(1, "x", OTHER)]);
    table.fail(fault);
    await store.flush();
    expect(told).toEqual([`delayed: the write was ${fault}`]);
    expect(await log.ends()).toEqual({ first: 1, last: 2 });
    expect(await table.get("flushed", [3])).toBeUndefined();
    expect(await bodiesOf(store)).toHaveLength(2);
    await store.commit([body(1, "newer")]);
    await store.flush();
    table.arrive();
    expect(await table.get("flushed", [3])).toEqual({ epoch: 1, position: 3 });
    expect(await log.ends()).toEqual({ first: 4, last: 3 });
    expect(await bodiesOf(table)).toEqual([
      [1, "newer"],
      [2, "b"],
    ]);
  });
}

test("[S15] a row put again while it is flushed stays in memory for the next flush", async () => {
  const { table, told, open } = logScene();
  const opened: Awaited<ReturnType<typeof open>>[] = [];
  let again = true;
  const store = await open({
    table: {
      ...table,
      async write(rows: readonly Stamped[]) {
        await table.write(rows);
        if (!again) return;
        again = false;
        await opened[0]?.commit([body(1, "newer")]);
      },
    },
  });
  opened.push(store);
  await store.commit([body(1, "old"), body(2, "two")]);
  await store.flush();
  expect(await bodiesOf(store)).toEqual([
    [1, "newer"],
    [2, "two"],
  ]);
  expect(told).toEqual(["flushed 2 to 2"]);
  await store.flush();
  expect(told).toEqual(["flushed 2 to 2", "flushed 1 to 3"]);
  expect(await bodiesOf(table)).toEqual(await bodiesOf(store));
});

test("[S14][S15] what a replaced owner still flushes changes nothing", async () => {
  const { table, open } = logScene();
  const old = await open();
  await old.commit([body(1, "old"), body(2, "old")]);
  const next = await open();
  await next.commit([body(1, "new"), body(2, null)]);
  await next.flush();
  const before = table.dump();
  await old.flush();
  expect(table.dump()).toBe(before);
  expect(await outcome(old.commit([body(3, "x")]))).toBe("fenced");
  expect(await bodiesOf(await open())).toEqual([[1, "new"]]);
});

test("[S15] a purge that failed is made by the next flush", async () => {
  const { log, told, open } = logScene();
  let fails = true;
  const store = await open({
    log: {
      ...log,
      async purge(upto: number) {
        if (fails) throw new Error("no answer");
        await log.purge(upto);
      },
    },
  });
  await store.commit([body(1, "a")]);
  await store.flush();
  fails = false;
  await store.flush();
  expect(told).toEqual(["flushed 1 to 2", "delayed: no answer"]);
  expect(await log.ends()).toEqual({ first: 3, last: 2 });
});

test("[I20] at half of its memory a flush begins by itself; beyond all of it the store is pressed", async () => {
  const { table, told, open } = logScene();
  const store = await open({ unflushed_bytes_max: 20_000 });
  await store.commit([body(1, "x".repeat(8000))]);
  await Bun.sleep(1);
  expect(told).toEqual([]);
  table.fail("lost");
  await store.commit([body(2, "x".repeat(4000))]);
  await Bun.sleep(1);
  expect(told).toEqual(["delayed: the write was lost"]);
  await store.commit([body(3, "x".repeat(8000))]);
  expect(store.pressed()).toBe(true);
  await store.flush();
  expect(store.pressed()).toBe(false);
  await store.commit([body(4, "x".repeat(12_000))]);
  await Bun.sleep(1);
  expect(told.slice(1)).toEqual(["flushed 3 to 4", "flushed 1 to 5"]);
});
