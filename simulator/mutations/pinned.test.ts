import { expect, test } from "bun:test";
import { faultsOf } from "./pin.ts";
import { PINNED } from "./pinned.ts";
import { shows } from "./mutation.ts";
import type { Mutation } from "./mutation.ts";
import { MUTATIONS } from "./table.ts";

/** Two runs of some seconds each, on a machine that may be busy. */
const TIMEOUT_MS = 120_000;
const AGAIN = "npm run simulate:mutations -- --pin --name";

for (const { mutation: name, seed, wiring } of PINNED) {
  const mutation = MUTATIONS.find((one) => one.name === name) as Mutation;
  test(
    `[${mutation.breaks.join("][")}] seed ${seed} is green, and red by one of these with ${name}`,
    async () => {
      const [without, planted] = await Promise.all([
        faultsOf(seed, wiring, { mutation, plan_only: true }),
        faultsOf(seed, wiring, { mutation }),
      ]);
      expect(without).toEqual([]);
      // After a change of what happens in a run this seed may show nothing any more: then another one is pinned.
      if (!shows(mutation, planted)) console.error(`${AGAIN} ${name}`, planted);
      expect(shows(mutation, planted)).toBe(true);
    },
    TIMEOUT_MS,
  );
}

test("[I1] pinned seeds are of planted bugs, at least four of them", () => {
  const names = PINNED.map(({ mutation }) => mutation);
  expect(names.filter((name) => !MUTATIONS.some((one) => one.name === name))).toEqual([]);
  expect(new Set(names).size).toBeGreaterThanOrEqual(4);
});
