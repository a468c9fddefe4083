import { parseArgs } from "node:util";

export type Options = {
  people: number;
  seed: number;
  /** Of a running server; one is started when absent. */
  server?: string;
  /** Leave the data directory. */
  keep: boolean;
};

export const PEOPLE = { least: 6, usual: 30, most: 100 } as const;

/** What `--help` prints. */
export const help: string = `npm run demo: many people chat through the SDK, then everything is checked from outside

  --people <n>    ${PEOPLE.least} to ${PEOPLE.most} people with three devices each (${PEOPLE.usual})
  --seed <n>      the same people, chats and texts again (by chance)
  --server <url>  use a running server, which should have its rate limits off
  --keep          leave the data directory of the server that was started
  --help

The exit code is 0 if every check passed, else 1.`;

/** Reads the flags; undefined when help was asked for. Throws on an unknown flag or a bad value. */
export function parseOptions(args: readonly string[], seed: number): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      people: { type: "string" },
      seed: { type: "string" },
      server: { type: "string" },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const { least, usual, most } = PEOPLE;
  const options: Options = {
    people: whole("people", values.people ?? `${usual}`, least, most),
    seed: whole("seed", values.seed ?? `${seed}`, 0, 2 ** 32 - 1),
    keep: values.keep,
  };
  if (values.server !== undefined) options.server = new URL(values.server).origin;
  return options;
}

function whole(name: string, given: string, least: number, most: number): number {
  const value = Number(given);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`--${name} must be a whole number from ${least} to ${most}, not ${given}`);
}
