import { expect, test } from "bun:test";
import fc from "fast-check";
import { openScene } from "../shard/scene.testing.ts";
import type { UserId } from "@damso/protocol/ids";
import { addSkip, cutSpan, dropSkips, SKIPS_MAX, sumSkips } from "./skips.ts";
import type { Skips } from "./skips.ts";

type Step = { do: "append"; skip: boolean } | { do: "late" | "read"; at: number };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 900,
      arbitrary: fc.record({ do: fc.constant("append" as const), skip: fc.boolean() }),
    },
    { weight: 60, arbitrary: fc.record({ do: fc.constant("late" as const), at: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("read" as const), at: fc.nat() }) },
  ),
  { minLength: 800, maxLength: 3000, size: "max" },
);

test("[D12][I20] the sum is right whatever is merged, and the spans have a bound", () => {
  let cuts = 0;
  fc.assert(
    fc.property(steps, (run) => {
      const skips: Skips = [];
      const model: boolean[] = [];
      let [read, sum] = [0, 0];
      for (const step of run) {
        if (step.do === "append") {
          model.push(step.skip);
          if (step.skip) sum += addSkip(skips, model.length, true);
        } else if (model.length > read) {
          const at = read + 1 + (step.at % (model.length - read));
          if (step.do === "late") {
            sum += addSkip(skips, at, !model[at - 1]);
            model[at - 1] = true;
          } else {
            const cut = cutSpan(skips, at);
            if (cut) cuts++;
            const rest = cut && model.slice(at, cut[1]).filter(Boolean).length;
            sum = dropSkips(skips, at, rest);
            read = at;
          }
        }
      }
      expect(skips.length).toBeLessThanOrEqual(SKIPS_MAX);
      expect(sum).toBe(model.slice(read).filter(Boolean).length);
      expect(sumSkips(skips)).toBe(sum);
    }),
    { numRuns: 60 },
  );
  expect(cuts).toBeGreaterThan(0);
});

test("[D12][I15][I13] a marker that lands in a merged span is counted from the messages, and a restart agrees", async () => {
  const scene = await openScene(2);
  const [ann, bob] = scene.people as [UserId, UserId];
  const channel = scene.direct(ann, bob);
  for (let n = 0; n < 900; n++) await scene.send(n % 2 === 0 ? ann : bob, channel, "x");
  await scene.must({ kind: "delete", user_id: ann, channel, seq: 41 });
  await scene.must({ kind: "hide", user_id: bob, channel, seq: 43 });
  await scene.must({ kind: "hide", user_id: bob, channel, seq: 44 });
  const unread = async (): Promise<number> =>
    (await scene.must({ kind: "own_channel", user_id: bob, channel })).unread;
  expect(await unread()).toBe(448);
  await scene.must({ kind: "read", user_id: bob, channel, seq: 30 });
  // Ann wrote 435 of 31..900; one was deleted for all and one hidden.
  expect(await unread()).toBe(433);
  await scene.restart();
  expect(await unread()).toBe(433);
  await scene.must({ kind: "set", user_id: bob, channel, set: { cleared_to: 101 } });
  expect(await unread()).toBe(399);
  await scene.restart();
  expect(await unread()).toBe(399);
});
