/** Notifications: owed, handed over once, and forgotten only then. */
import type { Mutation } from "./mutation.ts";

export const PUSHES: readonly Mutation[] = [
  {
    name: "push-keyed-by-message",
    bug: "Pushes under way are known by their message: of several people who are owed one, one gets it.",
    breaks: ["I14"],
    file: "core/shard/pushes.ts",
    find: 'const name = row.key.join("/");',
    replace: "const name = `${row.row.channel}/${row.row.seq}`;",
  },
  {
    name: "acks-forgotten",
    bug: "What a device acknowledges while its user is not in memory is dropped: it is pushed what it has.",
    breaks: ["I14"],
    file: "core/shard/sessions.ts",
    find: "return loadAndAcknowledge(shard, command);",
    replace: "return done({});",
    wiring: "single",
  },
  {
    name: "slow-push-not-woken",
    bug: "A push whose commit takes longer than it is due is not seen, and nothing wakes for it again.",
    breaks: ["I14"],
    file: "core/shard/pushes.ts",
    find: "if (!(await durable(shard))) return;",
    replace: "",
  },
  {
    name: "push-that-cannot-be-noted",
    bug: "While the store is down pushes go on, and go out again when it is back.",
    breaks: ["I14"],
    file: "core/shard/pushes.ts",
    find: `if (shard.failure) return;
    const unfinished`,
    replace: "const unfinished",
    wiring: "single",
  },
  {
    name: "push-forgotten-on-refusal",
    bug: "A push that its service refused is not written for later.",
    breaks: ["I14"],
    file: "core/shard/pushes.ts",
    find: 'puts.push({ table: "pushes", key: again, row: tried });',
    replace: "",
  },
];
