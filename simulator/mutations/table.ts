/** All planted bugs. */
import type { Mutation } from "./mutation.ts";
import { CHANNEL } from "./channel.ts";
import { CLIENT } from "./client.ts";
import { COMMIT } from "./commit.ts";
import { DIRECTORY } from "./directory.ts";
import { FEEDS } from "./feeds.ts";
import { GATEWAY } from "./gateway.ts";
import { IDS } from "./ids.ts";
import { LOG } from "./log.ts";
import { ONCE } from "./once.ts";
import { PUSHES } from "./pushes.ts";
import { SUMMARIES } from "./summaries.ts";
import { TELLS } from "./tells.ts";

export const MUTATIONS: readonly Mutation[] = [
  ...COMMIT,
  ...ONCE,
  ...IDS,
  ...CHANNEL,
  ...SUMMARIES,
  ...FEEDS,
  ...CLIENT,
  ...GATEWAY,
  ...TELLS,
  ...DIRECTORY,
  ...LOG,
  ...PUSHES,
];
