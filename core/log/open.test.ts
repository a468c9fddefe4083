import { expect, test } from "bun:test";
import { bodiesOf, body, logScene, outcome } from "./scene.testing.ts";

for (const fault of ["lost", "unanswered", "late"] as const) {
  test(`[S13] an opening whose fence was ${fault} is in the log once`, async () => {
    const { log, open } = logScene();
    log.fail(fault);
    const store = await open();
    await store.commit([body(1, "one")]);
    expect(log.history()).toHaveLength(2);
  });
}

test("[S13] a fence that another record came before is put behind that record", async () => {
  const { log, open } = logScene();
  const old = await open();
  const racing = {
    ...log,
    async ends() {
      const ends = await log.ends();
      if (log.history().length < 3) await old.commit([body(log.history().length, "racing")]);
      return ends;
    },
  };
  const next = await open({ log: racing });
  expect((await bodiesOf(next)).map(([seq]) => seq)).toEqual([1, 2]);
  expect(await outcome(old.commit([body(9, "late")]))).toBe("fenced");
});

test("[I13] what is read after a takeover is what was read before, flushed or not", async () => {
  const { open } = logScene();
  const first = await open();
  await first.commit([body(1, "one"), body(2, "two"), body(3, "three")]);
  await first.flush();
  await first.commit([body(2, null), body(1, "uno"), body(4, "four")]);
  const before = await bodiesOf(first);
  const second = await open();
  expect(await bodiesOf(second)).toEqual(before);
  await second.flush();
  expect(await bodiesOf(await open())).toEqual(before);
});

test("[S15] a purge of the former owner during the replay begins it anew, and no older row comes back", async () => {
  const { log, open } = logScene();
  const old = await open();
  await old.commit([body(1, "first")]);
  for (let seq = 2; seq <= 150; seq++) await old.commit([body(1, `put ${seq}`), body(seq, "x")]);
  let reads = 0;
  const slow = {
    ...log,
    async read(from: number, limit: number) {
      // The second batch: by now the first one's rows are in memory.
      if (++reads === 2) await old.flush();
      return await log.read(from, limit);
    },
  };
  const next = await open({ log: slow });
  expect(reads).toBeGreaterThan(2);
  expect(await next.get("bodies", [body(1, "").key[0] as never, 1])).toEqual({ body: "put 150" });
  expect(await bodiesOf(next)).toHaveLength(150);
});

test("[I25] a hole in the log is an alarm, and the store does not open", async () => {
  const { log, told, open } = logScene();
  const old = await open();
  for (let seq = 1; seq <= 5; seq++) await old.commit([body(seq, "x")]);
  await log.purge(3);
  expect(await outcome(open())).toBe("hole");
  expect(told).toEqual(["alarmed: the log of shard 3: no record 1 to 7 without a gap"]);
});

test("[I25] a record missing between others is an alarm, and so is one that cannot be read", async () => {
  const { log, open } = logScene();
  const old = await open();
  for (let seq = 1; seq <= 5; seq++) await old.commit([body(seq, "x")]);
  const gap = {
    ...log,
    read: async (from: number, limit: number) =>
      (await log.read(from, limit)).filter(({ seq }) => seq !== 3),
  };
  expect(await outcome(open({ log: gap }))).toBe("hole");
  const torn = {
    ...log,
    read: async (from: number, limit: number) =>
      (await log.read(from, limit)).map(({ seq, text }) => ({ seq, text: text.slice(0, 20) })),
  };
  expect(await outcome(open({ log: torn }))).toBe("hole");
});

test("[I25] a log that ends before what the table has is an alarm", async () => {
  const scene = logScene();
  const old = await scene.open();
  for (let seq = 1; seq <= 5; seq++) await old.commit([body(seq, "x")]);
  await old.flush();
  const { log } = logScene();
  expect(await outcome(scene.open({ log }))).toBe("hole");
});

test("[S14] a new epoch begins a log at 1, and its rows win over those of the epoch before", async () => {
  const scene = logScene();
  const old = await scene.open();
  for (let seq = 1; seq <= 5; seq++) await old.commit([body(1, `epoch 1, ${seq}`)]);
  await old.flush();
  const { log } = logScene();
  const next = await scene.open({ log, epoch: 2 });
  await next.commit([body(1, "epoch 2")]);
  await next.flush();
  expect(await scene.table.get("bodies", [body(1, "").key[0] as never, 1])).toEqual({
    body: "epoch 2",
  });
  expect(await outcome(scene.open())).toBe("fenced");
});

test("[S13] an opening that is not wanted any more ends, and the log does not answer", async () => {
  const { log, open, paused } = logScene();
  const signal = {
    aborted: false,
    throwIfAborted() {
      if (signal.aborted) throw new Error("lease lost");
    },
  };
  paused.run = () => void (signal.aborted = true);
  log.fail("lost");
  expect(await outcome(open({ signal }))).toBe("lease lost");
});
