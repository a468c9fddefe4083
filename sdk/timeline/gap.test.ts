import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { admit } from "./gap.ts";
import type { Gap } from "./gap.ts";

const at = (...positions: number[]): { pos: number }[] => positions.map((pos) => ({ pos }));

function check(title: string, gap: Gap, positions: number[], next: number[], after: Gap): void {
  test(`[D17] ${title}`, () => {
    const admitted = admit(gap, at(...positions));
    expect(admitted.next.map(({ pos }) => pos)).toEqual(next);
    expect(admitted.gap).toEqual(after);
  });
}

const five: Gap = { local: 5, known: 5 };
check("the next event is applied", five, [6], [6], { local: 6, known: 6 });
check("an old event is ignored", five, [5, 3], [], five);
check("an event ahead is remembered", five, [8], [], { local: 5, known: 8 });
check("a page is applied up to its first hole", five, [6, 7, 9], [6, 7], { local: 7, known: 9 });
check("what was known stays known", { local: 5, known: 20 }, [6], [6], { local: 6, known: 20 });

test("[I2] whatever arrives, what is applied is dense and starts behind what was there", () => {
  const positions = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 60 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 }), positions, (local, arrived) => {
      const { gap, next } = admit({ local, known: local }, at(...arrived));
      expect(next.map(({ pos }) => pos)).toEqual(next.map((_, n) => local + 1 + n));
      expect(gap.local).toBe(local + next.length);
      expect(gap.known).toBe(Math.max(local, ...arrived));
    }),
  );
});
