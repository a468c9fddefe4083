/** What a feed keeps, and what whoever comes too late is told. */
import type { Mutation } from "./mutation.ts";

/** Short feeds, and devices that are away for longer than they reach. */
const SHORT: NonNullable<Mutation["plan"]> = {
  feed_kept: { entries: 100, ms: 1000, step: 10, cover_every: 16 },
  faults: ["device kill", "device freeze", "device rewound"],
  fault_ms: 1500,
  users: 3,
  act_ms: 60,
  duration_ms: 30_000,
};

export const FEEDS: readonly Mutation[] = [
  {
    name: "tail-not-checked",
    bug: "A device that was away for longer than its feed is kept is not told to begin anew.",
    breaks: ["I2", "I21"],
    file: "core/sync/page.ts",
    find: "cursor.pos > head || cursor.pos < tail) return",
    replace: "cursor.pos > head) return",
    plan: SHORT,
  },
  {
    name: "trimmed-too-far",
    bug: "The feed is said to begin one entry behind the last that was thrown away.",
    breaks: ["I2"],
    file: "core/user/cover.ts",
    find: "user.tail = pos;",
    replace: "user.tail = pos + 1;",
    plan: SHORT,
  },
  {
    name: "trimmed-too-young",
    bug: "Entries go as soon as there are enough newer ones, however young they are.",
    breaks: ["I2"],
    file: "core/user/cover.ts",
    find: "user.head - pos < kept.entries || now - at_ms < kept.ms",
    replace: "user.head - pos < kept.entries",
    plan: { ...SHORT, feed_kept: { entries: 100, ms: 8000, step: 10, cover_every: 16 } },
  },
];
