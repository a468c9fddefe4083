/** What a home knows of its user while the directory does not answer. */
import type { Mutation } from "./mutation.ts";

export const DIRECTORY: readonly Mutation[] = [
  {
    name: "assumed-for-good",
    bug: "A home that was loaded while the directory was away believes what it assumed: nobody sees its user.",
    breaks: ["I23"],
    file: "core/shard/profiles.ts",
    find: "if (!answer) return assumed(user_id);",
    replace: "if (!answer) return { ...assumed(user_id), assumed: false };",
    plan: { faults: ["accounts away", "server crash"], fault_ms: 500 },
  },
];
