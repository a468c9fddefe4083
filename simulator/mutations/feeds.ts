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

/** Feeds that are hardly there on a disk that is slow to read: they are trimmed while a page of them is read. */
const TRIMMED_WHILE_READ: NonNullable<Mutation["plan"]> = {
  ...SHORT,
  feed_kept: { entries: 20, ms: 0, step: 5, cover_every: 4 },
  faults: ["device kill", "slow disk"],
  fault_ms: 1000,
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
    name: "trim-taken-for-a-hole",
    bug: "Entries that went while a page of them was read are taken for lost ones: an alarm, and no page.",
    breaks: ["I25"],
    file: "core/sync/page.ts",
    find: "return row !== undefined && pos < row.tail &&",
    replace: "return row !== undefined && pos < 0 &&",
    wiring: "single",
    plan: TRIMMED_WHILE_READ,
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
