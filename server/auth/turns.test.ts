import { expect, test } from "bun:test";
import { rejection } from "@damso/contracts/rejection";
import { createTurns } from "./turns.ts";

const clock = { now: () => 0 };

/** Jobs that end when told. */
function manualJobs() {
  const ends: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const job = async (): Promise<number> => {
    most = Math.max(most, ++running);
    await new Promise<void>((resolve) => ends.push(resolve));
    running--;
    return running;
  };
  return { job, ends, most: () => most };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

test("[I20] no more run than may, and each that waits runs in its turn", async () => {
  const turns = createTurns({ running_max: 2, waiting_max: 10, clock });
  const jobs = manualJobs();
  const order: number[] = [];
  const all = [0, 1, 2, 3, 4].map((n) =>
    turns.run(async () => {
      order.push(n);
      await jobs.job();
    }),
  );
  await settle();
  expect(order).toEqual([0, 1]);
  for (let done = 1; done <= 5; done++) {
    jobs.ends[done - 1]?.();
    await settle();
    expect(order).toHaveLength(Math.min(5, done + 2));
  }
  await Promise.all(all);
  expect(order).toEqual([0, 1, 2, 3, 4]);
  expect(jobs.most()).toBe(2);
});

test("[I20] beyond the queue the answer is busy, with a time to wait", async () => {
  const turns = createTurns({ running_max: 1, waiting_max: 2, clock });
  const jobs = manualJobs();
  const accepted = [1, 2, 3].map(() => turns.run(jobs.job));
  const refused = await turns.run(jobs.job);
  expect(refused).toMatchObject({ ok: false, refusal: { code: "busy" } });
  expect(refused.ok ? 0 : refused.refusal.retry_after_ms).toBeGreaterThan(0);
  for (let i = 0; i < 3; i++) {
    await settle();
    jobs.ends[i]?.();
  }
  expect((await Promise.all(accepted)).every((result) => result.ok)).toBe(true);
  const again = turns.run(jobs.job);
  await settle();
  jobs.ends[3]?.();
  expect(await again).toMatchObject({ ok: true });
});

test("an abort while waiting gives the place in the queue back", async () => {
  const turns = createTurns({ running_max: 1, waiting_max: 1, clock });
  const jobs = manualJobs();
  const first = turns.run(jobs.job);
  const controller = new AbortController();
  const second = turns.run(jobs.job, controller.signal);
  controller.abort(new Error("enough"));
  expect(await rejection(second)).toMatchObject({ message: "enough" });
  expect(await rejection(turns.run(jobs.job, controller.signal))).toMatchObject({
    message: "enough",
  });
  const third = turns.run(jobs.job);
  await settle();
  jobs.ends[0]?.();
  await first;
  await settle();
  jobs.ends[1]?.();
  expect(await third).toMatchObject({ ok: true });
});

test("a job that fails frees its place", async () => {
  const turns = createTurns({ running_max: 1, waiting_max: 0, clock });
  const failing = turns.run(() => Promise.reject(new Error("broken")));
  expect(await rejection(failing)).toMatchObject({ message: "broken" });
  expect(await turns.run(() => Promise.resolve(7))).toEqual({ ok: true, value: 7 });
});
