import { expect, test } from "bun:test";
import fc from "fast-check";
import { LIMITS } from "@damso/protocol/limits";
import type { Message } from "@damso/protocol/schema/message";
import { pageMessages, windowOf } from "./history.ts";
import type { Window } from "./history.ts";

const row = (seq: number, body = "x"): Message => ({ seq, body }) as Message;
function rowsOf({ from, to, limit, reverse }: Window, body?: string): Message[] {
  const all: Message[] = [];
  for (let seq = from; seq <= to; seq++) all.push(row(seq, body));
  return (reverse ? all.reverse() : all).slice(0, limit);
}
type At = { before?: number; after?: number; around?: number; limit?: number };
function page(
  at: At,
  floor: number,
  head: number,
  body?: string,
): [seqs: number[], before: boolean, after: boolean] {
  const window = windowOf(at, floor, head);
  const { messages, more_before, more_after } = pageMessages(
    rowsOf(window, body),
    window,
    floor,
    head,
    at.around,
  );
  return [messages.map(({ seq }) => seq), more_before, more_after];
}
function check(
  title: string,
  at: At,
  floor: number,
  head: number,
  expected: ReturnType<typeof page>,
): void {
  test(title, () => expect(page(at, floor, head)).toEqual(expected));
}

check("[P16] without a position, the newest", { limit: 3 }, 1, 10, [[8, 9, 10], true, false]);
check("[P16] before a seq", { before: 5, limit: 3 }, 1, 10, [[2, 3, 4], true, true]);
check("[P16] before the first", { before: 1, limit: 3 }, 1, 10, [[], false, true]);
check("[P16] after a seq", { after: 5, limit: 3 }, 1, 10, [[6, 7, 8], true, true]);
check("[P16] after the head", { after: 10, limit: 3 }, 1, 10, [[], true, false]);
check("[P16] around a seq", { around: 5, limit: 3 }, 1, 10, [[4, 5, 6], true, true]);
check("[P16] around more than there is", { around: 99, limit: 4 }, 1, 10, [
  [8, 9, 10],
  true,
  false,
]);
check("[P16] an empty channel", {}, 1, 0, [[], false, false]);
check("[D6] nothing below the floor, and no word that there is", { before: 9, limit: 9 }, 6, 10, [
  [6, 7, 8],
  false,
  true,
]);
check("[D6] after a seq below the floor", { after: 1, limit: 2 }, 6, 10, [[6, 7], false, true]);

test("[P16] a page ends at 256 KiB, keeps what is nearest, and says that there is more", () => {
  const big = "가".repeat(1000);
  const newest = page({ limit: 200 }, 1, 1000, big);
  expect(newest[0].length * 3000).toBeLessThanOrEqual(LIMITS.page_bytes_max);
  expect([newest[0].at(-1), newest[1], newest[2]]).toEqual([1000, true, false]);
  const around = page({ around: 500, limit: 200 }, 1, 1000, big);
  expect(around[0]).toContain(500);
  expect([around[1], around[2]]).toEqual([true, true]);
});

test("[P16][I7] paging from either end, whatever the limit, shows every seq once and in order", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 1, max: 9 }),
      (floor, more, limit) => {
        const head = floor + more;
        const all = Array.from({ length: more + 1 }, (_, i) => floor + i);
        const up: number[] = [];
        for (let after = 0, on = true; on;) {
          const [seqs, , more_after] = page({ after, limit }, floor, head);
          up.push(...seqs);
          [after, on] = [seqs.at(-1) ?? after, more_after];
        }
        const down: number[] = [];
        for (let at: At = { limit }, on = true; on;) {
          const [seqs, more_before] = page(at, floor, head);
          down.unshift(...seqs);
          [at, on] = [{ before: seqs[0] ?? 1, limit }, more_before];
        }
        expect([up, down]).toEqual([all, all]);
      },
    ),
  );
});
