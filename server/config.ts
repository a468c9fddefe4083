/** The only place that reads the process's arguments and environment. */
import { parseCommand } from "./config/command.ts";
import type { Command } from "./config/command.ts";
import { parseConfig } from "./config/parse.ts";
import type { Parsed } from "./config/parse.ts";

export type { Command } from "./config/command.ts";
export type { Config } from "./config/options.ts";

type Asked =
  | Exclude<Parsed, { kind: "config" }>
  | (Extract<Parsed, { kind: "config" }> & { command: Command });

export function readConfig(): Asked {
  const asked = parseCommand(process.argv.slice(2));
  if (asked.kind === "wrong") return asked;
  const parsed = parseConfig(asked.rest, process.env);
  return parsed.kind === "config" ? { ...parsed, command: asked.command } : parsed;
}
