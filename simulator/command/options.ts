/** The options of `npm run simulate` and of its workers. */
import type { Wiring } from "../plan.ts";

export type Options = {
  /** One seed, replayed twice and printed. */
  seed: number | undefined;
  from: number;
  count: number;
  step: number;
  jobs: number;
  wiring: Wiring | undefined;
  mutation: string | undefined;
  /** The runs are as the mutation wants them, and it is not planted. */
  plan_only: boolean;
  until_caught: boolean;
  verbose: boolean;
  /** Ends a sweep early, after the seeds that are under way. */
  minutes: number;
  /** Writes the history of a seed in Elle's form to this file. */
  history: string | undefined;
  /** A sweep appends what it came to. */
  results: string | undefined;
  /** Judges all sweeps in this file as one; nothing is run. */
  sum: string | undefined;
};

const FLAGS = ["until-caught", "verbose", "plan-only"] as const;
const VALUES = [
  "seed",
  "seeds",
  "from",
  "count",
  "step",
  "jobs",
  "wiring",
  "mutation",
  "minutes",
  "history",
  "results",
  "sum",
] as const;

export const HELP = `npm run simulate -- [options]

  --seed N          one run, played twice: what was injected, reached and counted, and its trace hash
  --verbose         with every frame that was sent (the hash is another one)
  --history FILE    writes its conversations in Elle's form, for npm run history:check -- FILE
  --seeds N         a sweep over N seeds (100); one takes a second or two of a processor
  --from N          its first seed (1)
  --step N          every Nth of them (1)
  --jobs N          processes beside each other (2)
  --minutes N       ends a sweep early, after the seeds that are under way
  --results FILE    appends what the sweep came to, every few minutes: it may be cut off and gone on with
  --sum FILE        prints and judges all pieces in the file as one sweep
  --wiring W        single or sharded; without it the seed decides
  --mutation NAME   plants a known bug (npm run simulate:mutations -- --help lists them)
  --plan-only       with the runs that this bug wants, and not planted
`;

/** Throws on what is no option. */
export function readOptions(args: readonly string[]): Options {
  const given = new Map<string, string>();
  for (let at = 0; at < args.length; at++) {
    const [name = "", value] = (args[at] as string).replace(/^--/, "").split("=", 2);
    if (given.has(name)) throw new Error(`--${name} is there twice`);
    if ((FLAGS as readonly string[]).includes(name)) given.set(name, "");
    else if ((VALUES as readonly string[]).includes(name))
      given.set(name, value ?? args[++at] ?? "");
    else throw new Error(`${args[at]} is no option; npm run simulate -- --help names all`);
  }
  const number = (name: string, otherwise: number, least = 1): number => {
    const text = given.get(name);
    if (text === undefined) return otherwise;
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || !Number.isSafeInteger(value))
      throw new Error(`--${name} needs a whole number from ${least} to 2^53 - 1`);
    return value;
  };
  assertTogether(new Set(given.keys()));
  const wiring = given.get("wiring");
  if (wiring !== undefined && wiring !== "single" && wiring !== "sharded")
    throw new Error("--wiring is single or sharded");
  return {
    seed: given.has("seed") ? number("seed", 1, 0) : undefined,
    from: number("from", 1, 0),
    count: number("count", number("seeds", 100)),
    step: number("step", 1),
    jobs: number("jobs", 2),
    wiring,
    mutation: given.get("mutation"),
    plan_only: given.has("plan-only"),
    until_caught: given.has("until-caught"),
    verbose: given.has("verbose"),
    minutes: number("minutes", 24 * 60),
    history: given.get("history"),
    results: given.get("results"),
    sum: given.get("sum"),
  };
}

/** Options that one of them leaves without a meaning. */
const APART: Readonly<Record<string, readonly string[]>> = {
  seed: ["seeds", "from", "step", "jobs", "minutes", "results"],
  // A piece is of all seeds from one to another, as they are drawn.
  results: ["wiring", "mutation", "step"],
  sum: ["seed", "seeds", "from", "step", "jobs", "minutes", "wiring", "mutation", "results"],
};
const NEEDED: Readonly<Record<string, string>> = {
  history: "seed",
  verbose: "seed",
  "plan-only": "mutation",
};

function assertTogether(given: ReadonlySet<string>): void {
  for (const [name, others] of Object.entries(APART)) {
    const other = others.find((one) => given.has(one));
    if (given.has(name) && other !== undefined) throw new Error(`--${name} takes no --${other}`);
  }
  for (const [name, other] of Object.entries(NEEDED))
    if (given.has(name) && !given.has(other)) throw new Error(`--${name} takes a --${other}`);
}
