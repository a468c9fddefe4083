import { expect, test } from "bun:test";
import { once } from "./once.ts";

test("[I20] an answer is asked for once for a while, a failure again, and so many are kept", async () => {
  const asked: string[] = [];
  let now = 0;
  let failing = false;
  const ask = once(
    async (key) => {
      asked.push(key);
      if (failing) throw new Error("down");
      return `${key}!`;
    },
    { ms: 100, max: 2, now: () => now },
  );
  expect(await Promise.all([ask("a"), ask("a")])).toEqual(["a!", "a!"]);
  now = 99;
  await ask("a");
  expect(asked).toEqual(["a"]);
  now = 100;
  failing = true;
  await ask("a").catch(() => {});
  failing = false;
  expect(await ask("a")).toBe("a!");
  await ask("b");
  await ask("c");
  await ask("a");
  expect(asked).toEqual(["a", "a", "a", "b", "c", "a"]);
});
