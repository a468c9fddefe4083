import { expect, test } from "bun:test";
import { ANSWER_MS, createLookup } from "./lookup.ts";

test("[N12] a name server that hung once is asked again, and an answer is kept", async () => {
  const fires: { ms: number; run: () => void }[] = [];
  const timers = {
    after: (ms: number, run: () => void) => {
      fires.push({ ms, run });
      return () => {};
    },
  };
  let asked = 0;
  const ask = (): Promise<string[]> =>
    ++asked === 1 ? new Promise(() => {}) : Promise.resolve(["8.8.8.8"]);
  const lookup = createLookup(ask, { timers, now: () => 1_000_000 });
  const hanging = [lookup("push.example"), lookup("push.example")];
  expect(fires.map(({ ms }) => ms)).toEqual([ANSWER_MS]);
  fires[0]?.run();
  const ends = await Promise.allSettled(hanging);
  expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  for (let n = 0; n < 2; n++) expect(await lookup("push.example")).toEqual(["8.8.8.8"]);
  expect(asked).toBe(2);
});
