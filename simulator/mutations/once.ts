/** Sending once: what memory vouches for, and what the table is asked. */
import type { Mutation } from "./mutation.ts";

export const ONCE: readonly Mutation[] = [
  {
    name: "dedup-lost-on-restart",
    bug: "A shard that starts takes every client id that it does not remember for a new one.",
    breaks: ["I4"],
    file: "core/shard/shard.ts",
    find: "dedup: createDedup(checkpoint.client_ids_below - 1),",
    replace: "dedup: createDedup(0),",
  },
  {
    name: "dedup-lost-on-recovery",
    bug: "A store that is opened again after a failure is not asked for what it took before.",
    breaks: ["I4"],
    file: "core/shard/shard.ts",
    find: "shard.dedup = createDedup(shard.checkpoint.client_ids_below - 1);",
    replace: "shard.dedup = createDedup(0);",
    wiring: "single",
  },
  {
    name: "dedup-by-recent-window",
    bug: "Only the memory of the last two minutes says whether a send was taken; the table is not asked.",
    breaks: ["I4"],
    file: "core/shard/needs.ts",
    find: `? undefined
    : "unknown";`,
    replace: "? undefined : undefined;",
  },
  {
    name: "dedup-floor-not-raised",
    bug: "A new owner's floor is the client id that last moved the bound: what was sent after it counts as new.",
    breaks: ["I4"],
    file: "core/shard/shard.ts",
    find: "dedup: createDedup(checkpoint.client_ids_below - 1),",
    replace: "dedup: createDedup(checkpoint.client_ids_below - 30_000),",
    wiring: "sharded",
  },
  {
    name: "dedup-bound-not-kept",
    bug: "The bound of client ids is in no commit that passes it.",
    breaks: ["I4"],
    file: "core/shard/checkpoint.ts",
    find: "putCheckpoint(shard, puts, change);",
    replace:
      "putCheckpoint(shard, puts, { ...change, client_ids_below: checkpoint.client_ids_below });",
  },
  {
    name: "retry-with-new-client-id",
    bug: "A message that is tried again gets a fresh client id, so that the server takes it for another.",
    breaks: ["I1", "I4"],
    file: "sdk/outbox/outbox.ts",
    find: `entry.tried = true;
  update(self, entry, { state: "sending" });`,
    replace: `if (entry.tried) message.client_id = uuidV7(self.now(), self.randomBytes(10));
  entry.tried = true;
  update(self, entry, { state: "sending" });`,
  },
  {
    name: "queue-ordered-by-clock",
    bug: "What is queued is ordered by the time of queueing, so that a clock that was put back sends it first.",
    breaks: ["I5"],
    file: "sdk/outbox/outbox.ts",
    find: "self.order = Math.max(self.order + 1, self.now());",
    replace: "self.order = self.now();",
  },
];
