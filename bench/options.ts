import { parseArgs } from "node:util";

/** How long and how much to measure. */
export interface Options {
  /** Floor and server are measured in turn this many times. */
  readonly rounds: number;
  /** Measured seconds of each phase. */
  readonly seconds: number;
  /** Load before the measured seconds. */
  readonly warmup_seconds: number;
  /** Idle sockets of the memory measurement; 0 leaves it out. */
  readonly sockets: number;
  /** Rest before each look at memory. */
  readonly settle_seconds: number;
  /** Measure the machine only, without the server. */
  readonly floor_only: boolean;
}

/** What `--help` prints. */
export const help = `bun bench/embedded.ts: the server beside its floor, on this machine

  --rounds <n>    rounds of all phases, floor and server in turn (3)
  --seconds <n>   measured seconds of each phase (3)
  --sockets <n>   idle sockets for the memory figures, 0 for none (2000)
  --quick         one short round with 300 sockets, about 30 s
  --floor-only    only the floor: what this machine can do
  --help

The data directories are made in $TMPDIR; put it on the disk you mean to measure.
The exit code is 1 if a message was not delivered or an error was seen, else 0.`;

/** Reads the flags; undefined when help was asked for. Throws on an unknown flag or a bad number. */
export function parseOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string" },
      seconds: { type: "string" },
      sockets: { type: "string" },
      quick: { type: "boolean", default: false },
      "floor-only": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const { quick } = values;
  return {
    rounds: number("rounds", values.rounds, quick ? 1 : 3, 1),
    seconds: number("seconds", values.seconds, quick ? 1 : 3, 0.5),
    warmup_seconds: quick ? 0.5 : 1,
    sockets: number("sockets", values.sockets, quick ? 300 : 2000, 0),
    settle_seconds: quick ? 1.5 : 3,
    floor_only: values["floor-only"],
  };
}

function number(name: string, given: string | undefined, usual: number, least: number): number {
  const value = given === undefined ? usual : Number(given);
  if (!(value >= least)) throw new Error(`--${name} must be a number of at least ${least}`);
  return value;
}
