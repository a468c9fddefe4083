import { expect, test } from "bun:test";
import { newHost } from "./host.ts";
import { createScheduler } from "./scheduler.ts";

const host = () => newHost("n1#1", { offset_ms: 0, rate: 1 });

test("events come by their time, and those of one moment in the order in which they were asked for", () => {
  const scheduler = createScheduler();
  const seen: string[] = [];
  const at = (ms: number, name: string): void => {
    scheduler.after(ms, name, undefined, () => seen.push(`${name} ${scheduler.now()}`));
  };
  for (const [ms, name] of [
    [5, "d"],
    [1, "a"],
    [5, "e"],
    [0, "first"],
    [3, "b"],
    [3, "c"],
  ] as const)
    at(ms, name);
  scheduler.run(4);
  expect(seen).toEqual(["first 0", "a 1", "b 3", "c 3"]);
  expect(scheduler.now()).toBe(4);
  scheduler.run(100);
  expect(seen.slice(4)).toEqual(["d 5", "e 5"]);
});

test("many events in any order come sorted", () => {
  const scheduler = createScheduler();
  const seen: number[] = [];
  for (let n = 0; n < 1000; n++)
    scheduler.after((n * 7919) % 500, "x", undefined, () => seen.push(scheduler.now()));
  scheduler.run(500);
  expect(seen).toHaveLength(1000);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
});

test("between two events every promise that can go on does", () => {
  const scheduler = createScheduler();
  const seen: string[] = [];
  scheduler.after(1, "one", undefined, () => {
    void (async () => {
      for (let n = 0; n < 100; n++) await Promise.resolve();
      seen.push("promises");
    })();
  });
  scheduler.after(1, "two", undefined, () => seen.push("two"));
  scheduler.run(1);
  expect(seen).toEqual(["promises", "two"]);
});

test("an event of a dead host does not come, and a pause of it never ends", () => {
  const scheduler = createScheduler();
  const [dead, other] = [host(), host()];
  const seen: string[] = [];
  scheduler.after(2, "dead", dead, () => seen.push("dead"));
  scheduler.after(2, "other", other, () => seen.push("other"));
  void scheduler.pause(2, "pause", dead).then(() => seen.push("pause"));
  scheduler.after(1, "kill", undefined, () => (dead.alive = false));
  scheduler.run(10);
  expect(seen).toEqual(["other"]);
});

test("a frozen host gets its events when it goes on, in their order", () => {
  const scheduler = createScheduler();
  const frozen = host();
  frozen.frozen_until = 50;
  const seen: string[] = [];
  scheduler.after(10, "a", frozen, () => seen.push(`a ${scheduler.now()}`));
  scheduler.after(20, "b", frozen, () => seen.push(`b ${scheduler.now()}`));
  scheduler.after(60, "c", frozen, () => seen.push(`c ${scheduler.now()}`));
  scheduler.run(49);
  expect(seen).toEqual([]);
  scheduler.run(100);
  expect(seen).toEqual(["a 50", "b 50", "c 60"]);
});

test("a frozen host that is woken gets what it missed at once, and nothing that it cancels then", () => {
  const scheduler = createScheduler();
  const frozen = host();
  frozen.frozen_until = 50;
  const seen: string[] = [];
  scheduler.after(10, "a", frozen, () => {
    seen.push(`a ${scheduler.now()}`);
    cancel();
  });
  const cancel = scheduler.after(20, "b", frozen, () => seen.push("b"));
  scheduler.after(40, "c", frozen, () => seen.push(`c ${scheduler.now()}`));
  scheduler.run(30);
  scheduler.wake(frozen);
  scheduler.run(100);
  expect(seen).toEqual(["a 30", "c 40"]);
});

test("what is cancelled does not come, and is no event", () => {
  const scheduler = createScheduler();
  const seen: string[] = [];
  const cancel = scheduler.after(1, "a", undefined, () => seen.push("a"));
  scheduler.after(1, "b", undefined, () => seen.push("b"));
  cancel();
  scheduler.run(10);
  expect(seen).toEqual(["b"]);
  expect(scheduler.events()).toBe(1);
});

test("a run ends early when it is done", () => {
  const scheduler = createScheduler();
  let count = 0;
  for (let n = 1; n <= 5; n++) scheduler.after(n, "x", undefined, () => count++);
  scheduler.run(100, () => count === 3);
  expect([count, scheduler.now()]).toEqual([3, 3]);
});

test("the trace hash tells apart what happened, when, and in which order", () => {
  const hashOf = (...events: [number, string][]): string => {
    const scheduler = createScheduler();
    for (const [ms, label] of events) scheduler.after(ms, label, undefined, () => {});
    scheduler.run(100);
    return scheduler.traceHash();
  };
  const hash = hashOf([1, "a"], [2, "b"]);
  expect(hashOf([1, "a"], [2, "b"])).toBe(hash);
  const others = [
    hashOf([2, "a"], [1, "b"]),
    hashOf([1, "a"], [2.5, "b"]),
    hashOf([1, "a"], [2, "c"]),
    hashOf([1, "a"]),
  ];
  expect(others).not.toContain(hash);
  const noted = createScheduler();
  noted.note("a fact");
  expect(noted.traceHash()).not.toBe(createScheduler().traceHash());
});
