import { expect, test } from "bun:test";
import fc from "fast-check";
import vectors from "../../spec/vectors/unread.json";
import { above, addSeq, countSeqs, hasSeq, NO_RANGES } from "./ranges.ts";
import type { Ranges } from "./ranges.ts";
import { addSkip } from "./skips.ts";
import { newOwn, noteHidden, noteMessage, noteRead, noteUpdate, unreadOf } from "./state.ts";

const build = (seqs: readonly number[]): Ranges => seqs.reduce(addSeq, NO_RANGES);
const seqsOf = (ranges: Ranges): number[] =>
  ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
const someSeqs = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 80 });

test("[D12] ranges hold what a set of seqs holds, sorted, apart and never touching", () => {
  fc.assert(
    fc.property(someSeqs, fc.integer({ min: 0, max: 60 }), (seqs, cut) => {
      const ranges = build(seqs);
      const set = [...new Set(seqs)].toSorted((a, b) => a - b);
      expect(seqsOf(ranges)).toEqual(set);
      expect(countSeqs(ranges)).toBe(set.length);
      for (let i = 1; i < ranges.length; i++)
        expect(ranges[i]?.[0]).toBeGreaterThan((ranges[i - 1]?.[1] ?? 0) + 1);
      for (let seq = 0; seq <= 61; seq++) expect(hasSeq(ranges, seq)).toBe(set.includes(seq));
      expect(seqsOf(above(ranges, cut))).toEqual(set.filter((seq) => seq > cut));
    }),
  );
});

for (const { name, head, read, skipped, unread } of vectors.cases) {
  test(`[D12] unread vector: ${name}`, () => {
    const own = newOwn({ seq: 0, visible_from: 1 }, 1);
    own.head = head;
    for (const [from, to] of skipped as [number, number][]) {
      for (let seq = Math.max(from, to - 20_000); seq <= to; seq++)
        own.skips += addSkip(own.skipped, seq, true);
    }
    noteRead(own, read);
    expect(unreadOf(own)).toBe(unread);
  });
}

/** What happens to a member, as a model that keeps every seq would say it. */
type Step =
  | { do: "message"; skip: boolean; mention: boolean }
  | { do: "delete"; at: number }
  | { do: "hide"; at: number }
  | { do: "read"; at: number }
  | { do: "rename"; at: number; mention: boolean };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("message" as const), skip: fc.boolean(), mention: fc.boolean() }),
    fc.record({
      do: fc.constantFrom("delete" as const, "hide" as const, "read" as const),
      at: fc.nat(),
    }),
    fc.record({ do: fc.constant("rename" as const), at: fc.nat(), mention: fc.boolean() }),
  ),
  { maxLength: 120 },
);

test("[I15][D12] unread and mentions are what a count over all messages would give, and the marker never moves back", () => {
  fc.assert(
    fc.property(steps, (run) => {
      const own = newOwn({ seq: 0, visible_from: 1 }, 1);
      const model: { skip: boolean; mention: boolean }[] = [];
      let read = 0;
      for (const step of run) {
        const at = "at" in step && own.head > 0 ? (step.at % own.head) + 1 : 0;
        const message = model[at - 1];
        if (step.do === "message") {
          const mention = step.mention && !step.skip;
          model.push({ skip: step.skip, mention });
          noteMessage(own, own.head + 1, { skip: step.skip, mention }, 1);
        } else if (!message) continue;
        else if (step.do === "read") {
          read = Math.max(read, at);
          noteRead(own, at);
        } else if (step.do === "hide") {
          noteHidden(own, at, !message.skip);
          [message.skip, message.mention] = [true, false];
        } else if (step.do === "delete") {
          noteUpdate(own, at, { skip: !message.skip, mention: false });
          [message.skip, message.mention] = [true, false];
        } else {
          message.mention = step.mention && !message.skip;
          noteUpdate(own, at, { skip: false, mention: step.mention && !message.skip });
        }
        expect(own.read).toBe(read);
        const left = model.slice(read);
        expect(unreadOf(own)).toBe(left.filter(({ skip }) => !skip).length);
        expect(own.mentions.length).toBe(left.filter(({ mention }) => mention).length);
      }
    }),
  );
});
