/** Devices: gaps, syncs, states of a message. */
import type { Mutation } from "./mutation.ts";

/** Devices that come back to a feed that was trimmed beyond them. */
const BEHIND_THE_TAIL: NonNullable<Mutation["plan"]> = {
  feed_kept: { entries: 100, ms: 0, step: 5, cover_every: 8 },
  fault_ms: 1500,
  act_ms: 40,
  duration_ms: 25_000,
  night_ms: 0,
};

export const CLIENT: readonly Mutation[] = [
  {
    name: "no-gap-check",
    bug: "Any later event is applied, whether those before it have come or not.",
    breaks: ["I2"],
    file: "sdk/timeline/gap.ts",
    find: "if (event.pos !== local + 1) continue;",
    replace: "if (event.pos <= local) continue;",
  },
  {
    name: "sync-not-repeated",
    bug: "A device that is behind asks once, and goes on waiting when the answer is short or does not come.",
    breaks: ["I21"],
    file: "sdk/timeline/sync.ts",
    find: "while (self.cursor && self.cursor.pos < self.known && self.online()) {",
    replace: "if (self.cursor && self.cursor.pos < self.known && self.online()) {",
  },
  {
    name: "edits-by-arrival",
    bug: "The state of a message that comes last wins, whatever its `rev`.",
    breaks: ["I16"],
    file: "sdk/timeline/merge.ts",
    find: "arriving.rev < stored.rev ? [stored, arriving] : [arriving, stored]",
    replace: "[arriving, stored]",
  },
  {
    name: "cursor-before-data",
    bug: "A device stores how far it is in a transaction of its own, before what it stands for.",
    breaks: ["I2"],
    file: "sdk/store/writer.ts",
    find: "await self.store.apply(change);",
    replace: `const { cursor, ...data } = change;
    if (cursor) await self.store.apply({ ...emptyChange(), cursor });
    await self.store.apply(data);`,
  },
  {
    name: "page-ignores-what-comes-meanwhile",
    bug: "A page of the history overwrites what happened to its messages while it was on its way.",
    breaks: ["I2", "I9", "I16"],
    file: "sdk/timeline/history.ts",
    find: "const { from, to, messages } = read.steps.reduce(follow, page);",
    replace: "const { from, to, messages } = page;",
  },
  {
    name: "missed-outlives-a-summary",
    bug: "What came of a channel before a whole summary of it is applied once more when the list is there.",
    breaks: ["I9"],
    file: "sdk/timeline/apply.ts",
    find: "event.pos <= (folded.record?.channel.pos ?? pos)",
    replace: "event.pos <= pos",
    plan: {
      ...BEHIND_THE_TAIL,
      acts: { send: 20, read: 4, pin: 30, hide: 30 },
      faults: ["device freeze", "all disconnected"],
      users: 2,
    },
  },
  {
    name: "hidden-page-is-an-end",
    bug: "Who has hidden all of a page gets an empty one, and never what stands before it.",
    breaks: ["I12"],
    file: "sdk/timeline/history.ts",
    find: "return beyond ? history(self, channel, { ...query, ...beyond }, page) : found;",
    replace: "return found;",
    plan: { acts: { send: 20, read: 4, hide: 30 }, cold_end: true },
  },
  {
    name: "backoff-of-a-minute",
    bug: "After a few failures a device waits up to a minute, whether or not its server is back.",
    breaks: ["I21"],
    file: "sdk/connection/backoff.ts",
    find: "const LONG_MS = 16_000;",
    replace: "const LONG_MS = 60_000;",
    plan: { night_ms: 70_000 },
  },
  {
    name: "rate-limit-heeded-per-channel",
    bug: "After `rate_limited` each channel tries again on its own: the more there are, the more is refused.",
    breaks: ["I21"],
    file: "sdk/outbox/outbox.ts",
    find: `error.code === "rate_limited" ? "all" : entry.record.channel`,
    replace: "entry.record.channel",
    // A device with a long queue for many channels.
    plan: {
      rate_limits: true,
      night_ms: 60_000,
      groups: 40,
      users: 3,
      devices: 2,
      acts: { send: 40 },
      act_ms: 60,
      faults: [],
      duration_ms: 5000,
    },
  },
  {
    name: "acknowledged-for-ever",
    bug: "What was acknowledged waits for its place in a channel that the device has left without hearing of it.",
    breaks: ["I21"],
    file: "sdk/outbox/outbox.ts",
    find: "(self.head(channel) ?? unknown) >= seq",
    replace: "(self.head(channel) ?? 0) >= seq",
    plan: {
      ...BEHIND_THE_TAIL,
      faults: ["device kill", "device freeze", "slow network", "table trouble"],
      users: 3,
    },
    wiring: "sharded",
  },
  {
    name: "page-stored-while-the-list-is-missing",
    bug: "A page of a channel that waits for the list since a reset is stored: no event reaches what is in it.",
    breaks: ["I2", "I16"],
    file: "sdk/timeline/history.ts",
    find: "const record = current(self, channel);\n  const page",
    replace: "const record = self.channels.get(channel);\n  const page",
    plan: {
      ...BEHIND_THE_TAIL,
      acts: { send: 20, read: 4, react: 30, edit: 20, history: 30 },
      faults: ["device freeze", "slow network", "all disconnected"],
      users: 2,
    },
  },
];
