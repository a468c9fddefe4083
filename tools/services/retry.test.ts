import { expect, test } from "bun:test";
import { retry } from "./retry.ts";

async function failing(times: number): Promise<string> {
  let failed = 0;
  return await retry(
    async () => {
      failed += 1;
      if (failed <= times) throw new Error(`failure ${failed}`);
      return `after ${times}`;
    },
    {
      what: "a success",
      deadline_ms: 30_000,
      isVain: () => (failed > 3 ? "too many" : undefined),
    },
  );
}

test("what fails at first is tried until it succeeds", async () => {
  expect(await failing(0)).toBe("after 0");
  expect(await failing(2)).toBe("after 2");
});

test("what is in vain is given up at once, with the reason", async () => {
  const error: unknown = await failing(100).catch((error: unknown) => error);
  expect(String(error)).toBe("Error: waited for a success: too many");
});

test("after the deadline the last failure is told", async () => {
  const work = (): Promise<never> => Promise.reject(new Error("nobody there"));
  const error: unknown = await retry(work, { what: "an answer", deadline_ms: 1 }).catch(
    (error: unknown) => error,
  );
  expect(String(error)).toBe("Error: waited 1 ms for an answer: Error: nobody there");
});
