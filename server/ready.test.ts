import { expect, test } from "bun:test";
import { memoryAccounts } from "@damso/contracts/fakes/accounts";
import type { Signal } from "@damso/core/ports/signal";
import { unready } from "./ready.ts";
import type { ReadyDeps } from "./ready.ts";

const depsOf = (changes: Partial<ReadyDeps> = {}): ReadyDeps => ({
  draining: () => false,
  shardFailure: () => undefined,
  accounts: memoryAccounts(),
  timers: { after: () => () => {} },
  ...changes,
});

test("a server that nothing is wrong with is ready", async () => {
  expect(await unready(depsOf())).toEqual([]);
});

test("draining, a shard that cannot write, and an accounts store that fails are each told", async () => {
  const accounts = memoryAccounts();
  await accounts.close();
  const deps = depsOf({ draining: () => true, shardFailure: () => new Error("full"), accounts });
  expect(await unready(deps)).toEqual([
    "draining",
    "the store cannot be written to",
    "the accounts store does not answer",
  ]);
});

test("[I20] an accounts store that says nothing is not waited for longer than a second", async () => {
  const waits: number[] = [];
  const asked: (Signal | undefined)[] = [];
  const deps = depsOf({
    accounts: {
      outbox: {
        take: (_limit, signal) => {
          asked.push(signal);
          return new Promise(() => {});
        },
      },
    },
    timers: {
      after: (ms, run) => {
        waits.push(ms);
        queueMicrotask(run);
        return () => {};
      },
    },
  });
  expect(await unready(deps)).toEqual(["the accounts store does not answer"]);
  expect([waits, asked.map((signal) => signal?.aborted)]).toEqual([[1000], [true]]);
});
