import { expect, test } from "bun:test";
import { createCache } from "./cache.ts";
import { AHEAD_MS, createDedup } from "./dedup.ts";
import { createLanes } from "./lanes.ts";

const place = { seq: 1, message_id: "1500000000000000001" as never, created_at: "" };
const now = 1_790_000_000_000;

test("[S9] after a start no id whose time could have been used before is vouched for", () => {
  const dedup = createDedup(now + 30_000);
  expect(dedup.vouches(now, now, 0)).toBe(false);
  expect(dedup.vouches(now + 30_001, now, 0)).toBe(true);
});

test("[S9][D3] an id far ahead, or below what its channel had ahead, is looked up", () => {
  const dedup = createDedup(0);
  expect(dedup.vouches(now + AHEAD_MS + 1, now, 0)).toBe(false);
  expect(dedup.vouches(now, now, now)).toBe(false);
  expect(dedup.vouches(now, now, now - 1)).toBe(true);
});

test("[S9][I4] what is forgotten is no longer vouched for, and memory has a bound", () => {
  const dedup = createDedup(0);
  for (let i = 0; i < 300_000; i++) dedup.accept(`k${i}`, now + Math.floor(i / 100), place, now);
  for (let i = 0; i < 300_000; i++) dedup.settled(`k${i}`);
  dedup.trim(now);
  expect(dedup.size()).toBeLessThanOrEqual(200_000);
  for (let i = 0; i < 300_000; i += 997) {
    const ms = now + Math.floor(i / 100);
    expect(dedup.find(`k${i}`, ms) !== undefined || !dedup.vouches(ms, now, 0)).toBe(true);
  }
});

test("[I4] an id that is not durable yet is found whatever its time", () => {
  const dedup = createDedup(now);
  dedup.accept("old", now - 1e9, place, now);
  dedup.accept("early", now + 1e9, place, now);
  expect([dedup.find("old", now - 1e9), dedup.find("early", now + 1e9)]).toEqual([place, place]);
  dedup.settled("early");
  expect(dedup.find("early", now + 1e9)).toBeUndefined();
});

const atOnce = (run: () => void): void => run();

test("[I20] a cache keeps its bound, what is used, and what may not leave", () => {
  const durable = new Set<number>();
  const cache = createCache<number, number>({
    max: 100,
    mayLeave: (value) => value !== 3 || durable.has(3),
    soon: atOnce,
  });
  for (let i = 0; i < 1000; i++) {
    cache.set(i, i);
    cache.get(7);
  }
  expect([cache.get(3), cache.get(7), cache.get(500)]).toEqual([3, 7, undefined]);
  expect(cache.size()).toBeLessThanOrEqual(101);
  durable.add(3);
  for (let i = 1000; i < 1200; i++) cache.set(i, i);
  expect(cache.get(3)).toBeUndefined();
});

test("[I13] whoever has found all that he needs keeps it until his turn is over", () => {
  const turns: (() => void)[] = [];
  const soon = (run: () => void): void => void turns.push(run);
  const cache = createCache<number, number>({ max: 2, mayLeave: () => true, soon });
  const endTurn = (): void => turns.splice(0).forEach((run) => run());
  for (let i = 0; i < 9; i++) cache.set(i, i);
  expect([cache.get(0), cache.size(), turns.length]).toEqual([0, 9, 1]);
  endTurn();
  cache.set(9, 9);
  cache.set(10, 10);
  expect([cache.get(0), turns.length]).toEqual([0, 1]);
  endTurn();
  expect([cache.get(1), cache.get(10), cache.get(0)]).toEqual([undefined, 10, 0]);
});

test("[I13] a key that is being loaded does not leave: the load finds what was written meanwhile", async () => {
  const cache = createCache<string, number>({ max: 4, mayLeave: () => true, soon: atOnce });
  const seen = await cache.loading("k", async () => {
    cache.set("k", 2);
    for (let i = 0; i < 50; i++) cache.set(`other ${i}`, i);
    await Promise.resolve();
    return cache.get("k");
  });
  expect(seen).toBe(2);
});

test("[D2] tasks of one key run one after the other in arrival order, other keys beside them", async () => {
  const lanes = createLanes<string>();
  const done: string[] = [];
  const open: Record<string, () => void> = {};
  const task = (name: string) => async (): Promise<void> => {
    await new Promise<void>((resolve) => (open[name] = resolve));
    done.push(name);
  };
  lanes.enter("a", task("a1"));
  lanes.enter("a", task("a2"));
  lanes.enter("b", task("b1"));
  expect([Object.keys(open), lanes.size(), lanes.busy("a")]).toEqual([["a1", "b1"], 3, true]);
  open["b1"]?.();
  open["a1"]?.();
  while (!open["a2"]) await Promise.resolve();
  open["a2"]();
  while (lanes.busy("a")) await Promise.resolve();
  expect([done, lanes.size()]).toEqual([["b1", "a1", "a2"], 0]);
});
