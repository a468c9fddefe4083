import { expect, test } from "bun:test";
import type { ClientId, FeedId } from "@damso/protocol";
import type { DamsoError } from "../errors.ts";
import { groupId, messageOf } from "../testing/records.ts";
import { memoryStore } from "./memory.ts";
import type { Change, Store } from "./port.ts";
import { writer } from "./writer.ts";
import type { Writer } from "./writer.ts";

const cursor = (pos: number): Change["cursor"] => ({ id: "feed" as FeedId, pos });
const put = (seq: number): Change["messages"] => [{ put: messageOf(groupId(1), seq) }];

type Scene = { written: Change[]; stored: number[]; failures: string[]; write: Writer };

function scene(apply: (change: Change) => Promise<void> = async () => {}): Scene {
  const [written, stored, failures]: [Change[], number[], string[]] = [[], [], []];
  const store: Store = {
    ...memoryStore(),
    apply: async (change) => {
      await apply(change);
      written.push(change);
    },
  };
  const write = writer(store, {
    stored: ({ pos }) => stored.push(pos),
    failed: ({ code }: DamsoError) => failures.push(code),
  });
  return { written, stored, failures, write };
}

test("[I2] what is changed in one go is one transaction, position and data together", async () => {
  const { written, write } = scene();
  write.add({ outbox: new Map([["a" as ClientId, null]]) });
  write.add({ cursor: cursor(1)!, messages: put(1) });
  write.add({ cursor: cursor(2)!, messages: put(2) });
  await write.flush();
  expect(written).toHaveLength(1);
  expect(written[0]).toMatchObject({ cursor: { pos: 2 }, messages: [...put(1), ...put(2)] });
  expect(written[0]?.outbox.size).toBe(1);
});

test("changes during a transaction become the next one, and a position is told when it is stored", async () => {
  const waiting: (() => void)[] = [];
  const { written, stored, write } = scene(() => new Promise((resolve) => waiting.push(resolve)));
  write.add({ cursor: cursor(1)! });
  await Promise.resolve();
  for (const pos of [2, 3, 4]) write.add({ cursor: cursor(pos)!, messages: put(pos) });
  expect([waiting.length, stored]).toEqual([1, []]);
  waiting[0]?.();
  while (waiting.length < 2) await Promise.resolve();
  expect(stored).toEqual([1]);
  waiting[1]?.();
  await write.flush();
  expect(stored).toEqual([1, 4]);
  expect(written.map(({ messages }) => messages.length)).toEqual([0, 3]);
});

test("[I2] after a failure nothing is stored any more: a later position would cover what is missing", async () => {
  const { written, stored, failures, write } = scene(() => Promise.reject(new Error("full")));
  write.add({ cursor: cursor(1)! });
  await write.flush();
  write.add({ cursor: cursor(2)! });
  await write.flush();
  expect([written, stored, failures]).toEqual([[], [], ["store_failed"]]);
  expect(write.broken()).toBe(true);
});

test("[I20] a store that is behind says so", async () => {
  const { write } = scene(() => new Promise(() => {}));
  write.add({ cursor: cursor(1)! });
  await Promise.resolve();
  await Promise.resolve();
  for (let seq = 1; seq <= 5000; seq++) write.add({ messages: put(seq) });
  expect(write.full()).toBe(false);
  write.add({ messages: put(5001) });
  expect(write.full()).toBe(true);
});

test("[I20] who waits for the store waits for what is changed so far, not for a quiet moment", async () => {
  const { write } = scene();
  const keepBusy = async (): Promise<void> => {
    for (let pos = 2; pos < 1000; pos++) {
      write.add({ cursor: cursor(pos)! });
      await Promise.resolve();
    }
  };
  write.add({ cursor: cursor(1)! });
  const first = await Promise.race([
    write.flush().then(() => "flushed"),
    keepBusy().then(() => "at rest"),
  ]);
  expect(first).toBe("flushed");
});

test("what was changed while the store was busy is stored when a flush resolves", async () => {
  const waiting: (() => void)[] = [];
  const { written, write } = scene(() => new Promise((resolve) => waiting.push(resolve)));
  write.add({ cursor: cursor(1)! });
  await Promise.resolve();
  write.add({ cursor: cursor(2)! });
  const flushed = write.flush().then(() => written.length);
  waiting[0]?.();
  while (waiting.length < 2) await Promise.resolve();
  waiting[1]?.();
  expect(await flushed).toBe(2);
});
