import { expect, test } from "bun:test";
import type { FakeLog } from "@damso/contracts/fakes/log";
import { until } from "@damso/contracts/until";
import type { Log } from "../ports/log.ts";
import { bodiesOf, body, logScene, outcome } from "./scene.testing.ts";

/** A log whose records cannot be read at times. A try waits for a turn of the event loop, so that others get theirs. */
function blindable(log: FakeLog): { log: Log; blind: boolean } {
  const sight = {
    blind: false,
    log: {
      ...log,
      async read(from: number, limit: number) {
        await Bun.sleep(0);
        if (sight.blind) throw new Error("no answer");
        return await log.read(from, limit);
      },
    },
  };
  return sight;
}

/** The texts that the log has more than once; every record is made once. */
function doubled(texts: string[]): string[] {
  return texts.filter((text, i) => texts.indexOf(text) !== i);
}

for (const fault of ["lost", "unanswered", "late"] as const) {
  test(`[S13][I1] a commit whose append was ${fault} is in the log once, and only then answered`, async () => {
    const { log, told, open } = logScene();
    const store = await open();
    log.fail(fault);
    await store.commit([body(1, "one")]);
    await store.commit([body(2, "two")]);
    const texts = log.history().map(({ text }) => text);
    expect(texts).toHaveLength(3);
    expect(doubled(texts)).toEqual([]);
    expect(await bodiesOf(store)).toEqual([
      [1, "one"],
      [2, "two"],
    ]);
    expect(told[0]).toBe(`retried: the append was ${fault}`);
    expect(told.includes("adopted 2")).toBe(fault !== "lost");
  });
}

test("[S13] while an outcome is unknown only the same record is tried, however often", async () => {
  const { log, open } = logScene();
  const tried: string[] = [];
  const watched = {
    ...log,
    append(text: string, expected: number) {
      tried.push(`${expected} ${text}`);
      return log.append(text, expected);
    },
  };
  const store = await open({ log: watched });
  tried.length = 0;
  for (let times = 0; times < 5; times++) log.fail("lost");
  await Promise.all([store.commit([body(1, "one")]), store.commit([body(2, "two")])]);
  expect(tried).toHaveLength(7);
  expect(new Set(tried.slice(0, 6)).size).toBe(1);
});

test("[S13][I21] a record that no log takes is refused at once, and nothing waits for it", async () => {
  const { log, open, told } = logScene();
  let tries = 0;
  const small = {
    ...log,
    async append(text: string, expected: number) {
      if (text.length < 500) return log.append(text, expected);
      tries++;
      throw Object.assign(new Error("too long"), { code: "too_large" });
    },
  };
  const store = await open({ log: small });
  const long = store.commit([body(1, "x".repeat(500))]);
  const next = store.commit([body(2, "two")]);
  expect(await long.catch((error: Error) => error.message)).toBe("too long");
  await next;
  await store.recover();
  await store.commit([body(3, "three")]);
  expect(tries).toBe(1);
  expect(told).toEqual([]);
  expect(await bodiesOf(store)).toEqual([
    [2, "two"],
    [3, "three"],
  ]);
});

test("[S13][S4] what waits behind a commit in doubt is refused when that is given up, and recover settles it", async () => {
  const { log, open, paused } = logScene();
  const sight = blindable(log);
  const store = await open({ log: sight.log });
  const patience = { over: false };
  paused.run = () => (patience.over = true);
  sight.blind = true;
  log.fail("unanswered");
  const signal = {
    aborted: false,
    throwIfAborted() {
      if (patience.over) throw new Error("gave up");
    },
  };
  const first = outcome(store.commit([body(1, "one")], signal));
  const second = outcome(store.commit([body(2, "two")]));
  expect(await first).toBe("gave up");
  expect(await second).toBe("unknown");
  expect(await outcome(store.commit([body(2, "two")]))).toBe("unknown");
  expect(await bodiesOf(store)).toEqual([]);
  sight.blind = false;
  await store.recover();
  await store.commit([body(3, "three")]);
  expect(await bodiesOf(store)).toEqual([
    [1, "one"],
    [3, "three"],
  ]);
});

test("[S13][I4] an owner that was replaced can commit no more, and recover does not help", async () => {
  const { log, told, open } = logScene();
  const old = await open();
  await old.commit([body(1, "one")]);
  const next = await open();
  const length = log.history().length;
  expect(old.fenced()).toBe(false);
  expect(await outcome(old.commit([body(1, "zombie")]))).toBe("fenced");
  expect(old.fenced()).toBe(true);
  expect(await outcome(old.commit([body(2, "zombie")]))).toBe("fenced");
  expect(await outcome(old.recover())).toBe("fenced");
  expect(await outcome(old.get("bodies", [body(1, "").key[0] as never, 1]))).toBe("fenced");
  expect(log.history()).toHaveLength(length);
  expect(await bodiesOf(next)).toEqual([[1, "one"]]);
  expect(told.filter((each) => each === "fenced")).toHaveLength(1);
});

test("[S13][I22] a commit that landed unanswered before the next owner came is adopted, by both", async () => {
  const { log, open, paused } = logScene();
  const old = await open();
  log.fail("late");
  let next: ReturnType<typeof open> | undefined;
  paused.run = () => {
    log.arrive();
    next ??= open();
  };
  expect(await outcome(old.commit([body(1, "one")]))).toBe("ok");
  expect(await bodiesOf(await (next as ReturnType<typeof open>))).toEqual([[1, "one"]]);
});

test("[S13][I22] a commit that arrives after the next owner's fence is nowhere, and is refused", async () => {
  const { log, open, paused } = logScene();
  const old = await open();
  log.fail("late");
  const opened: ReturnType<typeof open>[] = [];
  paused.run = () => {
    if (opened.length === 0) opened.push(open());
  };
  expect(await outcome(old.commit([body(1, "one")]))).toBe("fenced");
  log.arrive();
  const next = await (opened[0] as ReturnType<typeof open>);
  expect(await bodiesOf(next)).toEqual([]);
  expect(log.history()).toHaveLength(2);
});

test("[S13] a record in doubt whose place a later owner has purged already counts as fenced", async () => {
  const { log, open, paused } = logScene();
  const sight = blindable(log);
  const old = await open({ log: sight.log });
  sight.blind = true;
  log.fail("unanswered");
  const next: Promise<void>[] = [];
  paused.run = () => {
    if (next.length > 0) return;
    next.push(open().then((store) => store.flush()));
  };
  const commit = outcome(old.commit([body(1, "one")]));
  await until(() => next.length > 0);
  await next[0];
  expect(await log.ends()).toEqual({ first: 4, last: 3 });
  sight.blind = false;
  expect(await commit).toBe("fenced");
});

test("[S3][I13] rows that their owner changes after the call are committed as they were", async () => {
  const { open } = logScene();
  const store = await open();
  const row = { body: "as it was" };
  const committed = store.commit([{ table: "bodies", key: ["g1" as never, 1], row }]);
  row.body = "changed";
  await committed;
  expect(await store.get("bodies", ["g1" as never, 1])).toEqual({ body: "as it was" });
});

test("[S3] of several puts of one key the record has the last", async () => {
  const { log, open } = logScene();
  const store = await open();
  await store.commit([body(1, "a"), body(2, "x"), body(1, "b"), body(1, null), body(2, "y")]);
  const { puts } = JSON.parse(log.history()[1]?.text ?? "");
  expect(puts.map(({ key, row }: { key: unknown[]; row: unknown }) => [key[1], row])).toEqual([
    [1, null],
    [2, { body: "y" }],
  ]);
});

test("[I3] a row that is being committed is not read before it is durable", async () => {
  const { log, open, paused } = logScene();
  const store = await open();
  const seen: Promise<unknown>[] = [];
  paused.run = () => void seen.push(bodiesOf(store));
  log.fail("lost");
  log.fail("lost");
  await store.commit([body(1, "one")]);
  expect(await Promise.all(seen)).toEqual([[], []]);
  expect(await bodiesOf(store)).toEqual([[1, "one"]]);
});

test("[S13] a closed store answers no commit, not even one under way", async () => {
  const { log, open, paused } = logScene();
  const store = await open();
  paused.run = () => void store.close();
  log.fail("lost");
  expect(await outcome(store.commit([body(1, "one")]))).toBe("closed");
  expect(await outcome(store.commit([]))).toBe("closed");
  expect(await outcome(store.recover())).toBe("closed");
  expect(await outcome(bodiesOf(store))).toBe("closed");
});
