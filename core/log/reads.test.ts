import { expect, test } from "bun:test";
import { bodiesOf, body, CHANNEL, logScene, OTHER } from "./scene.testing.ts";
import type { LogScene } from "./scene.testing.ts";
import type { LogStore } from "./store.ts";

/** A store whose reads of the table wait for `meanwhile`, before the table is asked and after it has answered. */
async function slowlyRead(
  scene: LogScene,
  meanwhile: { before?: () => Promise<void>; after?: () => Promise<void> },
): Promise<LogStore> {
  const { table } = scene;
  const around = async <T>(read: () => Promise<T>): Promise<T> => {
    const { before, after } = meanwhile;
    delete meanwhile.before;
    delete meanwhile.after;
    await before?.();
    const answer = await read();
    await after?.();
    return answer;
  };
  return await scene.open({
    table: {
      ...table,
      many: (name, keys) => around(() => table.many(name, keys)),
      range: (name, range) => around(() => table.range(name, range)),
    },
  });
}

test("[S16] rows of memory and of the table come as one, in order, memory's where both have them", async () => {
  const { open } = logScene();
  const store = await open();
  await store.commit([1, 3, 5, 10].map((seq) => body(seq, `flushed ${seq}`)));
  await store.commit([body(3, "elsewhere", OTHER)]);
  await store.flush();
  await store.commit([body(3, "newer"), body(4, "new"), body(11, "last"), body(5, null)]);
  expect(await bodiesOf(store)).toEqual([
    [1, "flushed 1"],
    [3, "newer"],
    [4, "new"],
    [10, "flushed 10"],
    [11, "last"],
  ]);
  expect((await bodiesOf(store, { reverse: true, limit: 3 })).map(([seq]) => seq)).toEqual([
    11, 10, 4,
  ]);
  expect((await bodiesOf(store, { from: 3, to: 10 })).map(([seq]) => seq)).toEqual([3, 4, 10]);
});

test("[S16] deletions in memory hide rows of the table, and the limit counts what is left", async () => {
  const { open } = logScene();
  const store = await open();
  const seqs = Array.from({ length: 30 }, (_, i) => i + 1);
  await store.commit(seqs.map((seq) => body(seq, `${seq}`)));
  await store.flush();
  await store.commit(seqs.slice(0, 20).map((seq) => body(seq, null)));
  const found = (more: object): Promise<number[]> =>
    bodiesOf(store, more).then((rows) => rows.map(([seq]) => seq));
  expect(await found({ limit: 3 })).toEqual([21, 22, 23]);
  expect(await found({ limit: 12, reverse: true })).toEqual([
    30, 29, 28, 27, 26, 25, 24, 23, 22, 21,
  ]);
  expect(await found({ limit: 1, to: 20 })).toEqual([]);
});

test("[S16] a row that a flush moves while it is read is neither missing nor old", async () => {
  for (const when of ["before", "after"] as const) {
    const scene = logScene();
    const meanwhile: { before?: () => Promise<void>; after?: () => Promise<void> } = {};
    const store = await slowlyRead(scene, meanwhile);
    await store.commit([body(1, "old"), body(2, "two")]);
    await store.flush();
    await store.commit([body(1, "new"), body(3, "three"), body(2, null)]);
    const flushes: Promise<void>[] = [];
    meanwhile[when] = async () => {
      flushes.push(store.flush());
      await Bun.sleep(1);
    };
    const whole: [number, string][] = [
      [1, "new"],
      [3, "three"],
    ];
    expect(await bodiesOf(store)).toEqual(whole);
    await Promise.all(flushes);
    expect(await bodiesOf(store)).toEqual(whole);
    expect(scene.told.at(-1)).toBe("flushed 3 to 3");
  }
});

test("[S16][S3] a range is what was committed at one moment, whatever is committed and flushed meanwhile", async () => {
  const scene = logScene();
  const meanwhile: { before?: () => Promise<void> } = {};
  const store = await slowlyRead(scene, meanwhile);
  await store.commit([body(1, "a1"), body(2, "a2")]);
  await store.flush();
  const flushes: Promise<void>[] = [];
  meanwhile.before = async () => {
    await store.commit([body(1, "b1"), body(2, "b2"), body(3, "b3")]);
    // Half of it reaches the table.
    scene.table.fail("part");
    flushes.push(store.flush());
    await Bun.sleep(1);
    await store.commit([body(2, "c2")]);
  };
  expect(await bodiesOf(store)).toEqual([
    [1, "b1"],
    [2, "c2"],
    [3, "b3"],
  ]);
  await Promise.all(flushes);
});

test("[S16] deletions that come while a range is read leave it as long as was asked", async () => {
  const scene = logScene();
  const meanwhile: { before?: () => Promise<void> } = {};
  const store = await slowlyRead(scene, meanwhile);
  const seqs = Array.from({ length: 9 }, (_, i) => i + 1);
  await store.commit(seqs.map((seq) => body(seq, `${seq}`)));
  await store.flush();
  meanwhile.before = () =>
    store.commit([
      ...[1, 2, 3, 4].map((seq) => body(seq, null)),
      ...[11, 12, 13, 14].map((seq) => body(seq, "beyond what the table was asked for")),
    ]);
  expect((await bodiesOf(store, { limit: 4 })).map(([seq]) => seq)).toEqual([5, 6, 7, 8]);
});

test("[S16] many asks the table only for what memory has not", async () => {
  const scene = logScene();
  const asked: unknown[] = [];
  const store = await scene.open({
    table: {
      ...scene.table,
      many(name, keys) {
        asked.push(...keys.map((key) => key[1]));
        return scene.table.many(name, keys);
      },
    },
  });
  await store.commit([body(1, "one"), body(2, "two")]);
  await store.flush();
  await store.commit([body(2, null), body(3, "three")]);
  const rows = await store.many(
    "bodies",
    [1, 2, 3, 4].map((seq) => [CHANNEL, seq]),
  );
  expect(rows.map((row) => row?.body)).toEqual(["one", undefined, "three", undefined]);
  expect(asked).toEqual([1, 4]);
});

test("[S16] a read that begins when its row was written and not yet dropped finds it", async () => {
  const scene = logScene();
  const gates: (() => void)[] = [];
  const store = await scene.open({
    table: {
      ...scene.table,
      async many(name, keys) {
        await new Promise<void>((resolve) => gates.push(resolve));
        return scene.table.many(name, keys);
      },
    },
  });
  await store.commit([body(1, "one")]);
  await store.flush();
  await store.commit([body(3, "three")]);
  // The flush has written #3 and waits for the first read, when the second begins.
  const first = store.many("bodies", [[CHANNEL, 1]]);
  const flush = store.flush();
  await Bun.sleep(1);
  const second = store.many("bodies", [
    [CHANNEL, 1],
    [CHANNEL, 3],
  ]);
  gates[0]?.();
  await Promise.all([first, flush]);
  gates[1]?.();
  expect((await second).map((row) => row?.body)).toEqual(["one", "three"]);
});
