import { expect, test } from "bun:test";
import type { ChannelId } from "@damso/protocol/ids";
import type { Put } from "../tables.ts";
import { createCommitter } from "./commit.ts";

const channel = "g1500000000000000001" as ChannelId;
const body = (seq: number, units: number): Put => ({
  table: "bodies",
  key: [channel, seq],
  row: { body: "x".repeat(units) },
});

/** Commits wait until they are let go, one by one: true lands, false fails. */
function held(batch_units_max?: number) {
  const commits: { seqs: unknown[]; end: (lands: boolean) => void }[] = [];
  const told: string[] = [];
  const committer = createCommitter({
    store: {
      commit: (puts: readonly Put[]) =>
        new Promise<void>((resolve, reject) => {
          const end = (lands: boolean): void => (lands ? resolve() : reject(new Error("failed")));
          commits.push({ seqs: puts.map(({ key }) => key[1]), end });
        }),
    } as never,
    now: () => 0,
    soon: (start) => start(),
    ...(batch_units_max !== undefined && { batch_units_max }),
    committed: (n) => void told.push(`committed ${n}`),
    failed: () => void told.push("failed"),
  });
  const add = (seq: number, units: number): number =>
    committer.add([body(seq, units)], (durable) => void told.push(`${seq} ${durable}`));
  return { commits, told, committer, add };
}

test("[S12][I20] what piles up is parted between decisions, committed in order, and answered with its own part", async () => {
  const { commits, told, committer, add } = held(400);
  expect([add(1, 10), add(2, 90), add(3, 90), add(4, 500), add(5, 1)]).toEqual([1, 2, 2, 3, 4]);
  expect(committer.next()).toBe(4);
  expect(committer.waiting()).toBe(4);
  committer.gate((durable) => void told.push(`gate ${durable}`));
  for (let n = 0; n < 4; n++) {
    commits[n]?.end(true);
    await Bun.sleep(0);
  }
  expect(commits.map(({ seqs }) => seqs)).toEqual([[1], [2, 3], [4], [5]]);
  expect(told).toEqual([
    "1 true",
    "committed 1",
    "2 true",
    "3 true",
    "committed 2",
    "4 true",
    "committed 3",
    "5 true",
    "gate true",
    "committed 4",
  ]);
});

test("[S4][S12] when one part fails, all behind it fail, and a refusal waits for the last full part", async () => {
  const { commits, told, committer, add } = held(400);
  add(1, 10);
  add(2, 200);
  committer.gate((durable) => void told.push(`gate ${durable}`));
  add(3, 10);
  commits[0]?.end(false);
  await Bun.sleep(0);
  expect(told).toEqual(["failed", "1 false", "2 false", "gate false", "3 false"]);
  expect(committer.waiting()).toBe(0);
  committer.recovered();
  add(4, 10);
  commits[1]?.end(true);
  await Bun.sleep(0);
  expect(commits.map(({ seqs }) => seqs)).toEqual([[1], [4]]);
  expect(told.at(-2)).toBe("4 true");
});
