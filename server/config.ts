/** The only place that reads the process's arguments and environment. */
import { parseConfig } from "./config/parse.ts";
import type { Parsed } from "./config/parse.ts";

export type { Config } from "./config/options.ts";

export function readConfig(): Parsed {
  return parseConfig(process.argv.slice(2), process.env);
}
