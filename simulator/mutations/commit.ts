/** What goes wrong between a decision and its commit. */
import type { Mutation } from "./mutation.ts";

export const COMMIT: readonly Mutation[] = [
  {
    name: "answer-before-commit",
    bug: "A sender is told `sent` when his message is decided, not when it is durable.",
    breaks: ["I1", "I22"],
    file: "core/shard/write.ts",
    find: `submit(shard, puts, (durable) => {
    reply(durable ? done(decision.reply) : unknown);
    if`,
    replace: `reply(done(decision.reply));
  submit(shard, puts, (durable) => {
    if`,
  },
  {
    name: "answer-rests-on-nothing",
    bug: "A repeated answer or a refusal does not wait for the commit that it was decided on.",
    breaks: ["I3", "I22"],
    file: "core/shard/write.ts",
    find: "shard.committer.gate((durable) => reply(durable ? result : unknown));",
    replace: "reply(result);",
  },
  {
    name: "live-before-commit",
    bug: "Events leave for the gateways while their rows are still on the way to the disk.",
    breaks: ["I3"],
    file: "core/shard/write.ts",
    find: `shard.committer.add(puts, (durable) => {
    settle(durable);
    if (durable) send();
  });`,
    replace: `send();
  shard.committer.add(puts, settle);`,
  },
  {
    name: "pos-before-commit",
    bug: "A page tells the head as it is when the wait is over: positions decided meanwhile are given out uncommitted.",
    breaks: ["I3", "I12"],
    file: "core/sync/page.ts",
    find: `const head = user.head;
  const tail = user.tail;
  if (!(await durable(shard))) return refuse("unavailable");`,
    replace: `if (!(await durable(shard))) return refuse("unavailable");
  const head = user.head;
  const tail = user.tail;`,
  },
  {
    name: "exchange-before-commit",
    bug: "The gateway's regular word is answered with a head that is decided and not committed.",
    breaks: ["I3"],
    file: "core/shard/sessions.ts",
    find: `const head = user.head;
  if (!(await durable(shard))) return refuse("unavailable");
  return done({ head,`,
    replace: `const head = user.head;
  return done({ head,`,
  },
  {
    name: "history-head-not-committed",
    bug: "A page of the history tells the channel's head of the moment, which a commit under way has moved.",
    breaks: ["I3", "I12"],
    file: "core/shard/channel-reads.ts",
    find: "return asMember(shard, command.channel, command.user_id, async ({ member, head }) => {",
    replace: `return asMember(shard, command.channel, command.user_id, async ({ member, held }) => {
    const { head } = held.state;`,
    plan: { faults: ["slow disk", "log trouble"], fault_ms: 1500, acts: { send: 20, history: 20 } },
  },
  {
    name: "memory-kept-after-failure",
    bug: "A failed commit leaves in memory what was decided on it, and reads go on showing that.",
    breaks: ["I3"],
    file: "core/shard/shard.ts",
    find: `shard.outgoing.take();
  clearMemory(shard.memory);`,
    replace: "shard.outgoing.take();",
  },
  {
    name: "undelivered-kept-after-failure",
    bug: "What a failed commit would have told counts as delivered once others have its places.",
    breaks: ["I3"],
    file: "core/shard/memory.ts",
    find: "for (const { undelivered } of memory.homes.values()) undelivered.clear();",
    replace: "",
    wiring: "single",
    plan: { faults: ["slow disk", "failing sync"], fault_ms: 300, act_ms: 120, users: 6 },
  },
  {
    name: "recovery-waits-for-clock",
    bug: "A clock that was put back keeps a failed store closed until it has caught up.",
    breaks: ["I21"],
    file: "core/shard/shard.ts",
    find: "Math.abs(now - shard.failure.tried_at) < RECOVER_EVERY_MS",
    replace: "now - shard.failure.tried_at < RECOVER_EVERY_MS",
    wiring: "single",
    plan: {
      faults: ["failing sync", "server clock"],
      fault_ms: 1000,
      duration_ms: 20_000,
      devices: 4,
      act_ms: 100,
    },
  },
  {
    name: "channel-not-held-while-read",
    bug: "What a slow read brings of a channel counts, though more was decided and has left the memory meanwhile.",
    breaks: ["I4", "I7"],
    file: "core/shard/memory.ts",
    find: "return memory.channels.loading(id, async () => {",
    replace: "return ((load: () => Promise<void>) => load())(async () => {",
    plan: { memory_max: { channels: 1, users: 1, messages: 1 } },
  },
  {
    name: "memory-leaves-in-a-turn",
    bug: "What a decision has found leaves the full memory while it is made.",
    breaks: ["I7", "I10"],
    file: "core/shard/cache.ts",
    find: "soon(rotate);",
    replace: "rotate();",
    plan: {
      memory_max: { channels: 1, users: 1, messages: 1 },
      duration_ms: 20_000,
      devices: 6,
      act_ms: 100,
    },
  },
];
