/**
 * `npm run simulate:mutations` plants each bug of the table in turn and runs seeds until one is red. `-- --name X` takes
 * one of them, once or more often, `--seeds` how many are tried, `--repeat` from how many starting points. `--pin` looks for a seed that is
 * green without the bug and red with it, for `pinned.ts`.
 */
import { parseArgs } from "node:util";
import { programHash } from "../command/results.ts";
import { huntAll } from "./hunt.ts";
import { openKept } from "./kept.ts";
import type { Mutation } from "./mutation.ts";
import { pin } from "./pin.ts";
import { PINNED } from "./pinned.ts";
import { printTable, rowOf } from "./print.ts";
import { MUTATIONS } from "./table.ts";

const HELP = `npm run simulate:mutations -- [options]

  --name NAME   only this bug; may be given more than once
  --seeds N     how many seeds are tried from each starting point (200)
  --repeat N    starting points (3); the table gives the median
  --jobs N      processes beside each other (2)
  --results F   keeps what each bug came to in F, and goes on with those that are not in it
  --pin         looks for a seed that is green without the bug and red with it

All of them take an hour or more; most are caught within ten seeds. The last line is \`${MUTATIONS.length}/${MUTATIONS.length} caught\`.

`;

const { values } = options();

function options() {
  try {
    return parseArgs({
      options: {
        name: { type: "string", multiple: true },
        seeds: { type: "string", default: "200" },
        jobs: { type: "string", default: "2" },
        repeat: { type: "string", default: "3" },
        results: { type: "string" },
        pin: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    return fail((error as Error).message);
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

function number(name: "seeds" | "jobs" | "repeat"): number {
  const text = values[name];
  if (!/^[1-9]\d*$/.test(text)) fail(`--${name} needs a whole number above 0`);
  return Number(text);
}

function chosen(): readonly Mutation[] {
  const pinned = PINNED.map(({ mutation }) => mutation);
  const names = values.name ?? (values.pin ? pinned : MUTATIONS.map(({ name }) => name));
  return names.map((name) => {
    const found = MUTATIONS.find((one) => one.name === name);
    if (!found) fail(`no planted bug ${name}; --help lists them`);
    return found;
  });
}

if (values.help) {
  process.stdout.write(HELP);
  for (const { name } of MUTATIONS) console.log(`  ${name}`);
  process.exit(0);
}

const seeds = number("seeds");
if (values.pin) for (const mutation of chosen()) console.log(await pin(mutation, seeds));
else {
  const options = { seeds, jobs: number("jobs"), repeat: number("repeat") };
  const program = values.results === undefined ? "" : await programHash();
  const kept = await openKept(values.results, options, program, programHash);
  const keeping: Promise<void>[] = [];
  const all = await huntAll(chosen(), options, kept.of, (hunted) => {
    console.log(rowOf(hunted));
    keeping.push(kept.keep(hunted));
  });
  await Promise.all(keeping);
  process.exitCode = printTable(all) ? 0 : 1;
}
