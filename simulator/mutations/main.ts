/**
 * `npm run simulate:mutations` plants each bug of the table in turn and runs seeds until one is red. `-- --name X` takes
 * one of them, once or more often, `--seeds` how many are tried, `--repeat` from how many starting points. `--pin` looks for a seed that is
 * green without the bug and red with it, for `pinned.ts`.
 */
import { parseArgs } from "node:util";
import { huntAll } from "./hunt.ts";
import type { Mutation } from "./mutation.ts";
import { pin } from "./pin.ts";
import { PINNED } from "./pinned.ts";
import { printTable, rowOf } from "./print.ts";
import { MUTATIONS } from "./table.ts";

const { values } = parseArgs({
  options: {
    name: { type: "string", multiple: true },
    seeds: { type: "string", default: "200" },
    jobs: { type: "string", default: "2" },
    repeat: { type: "string", default: "3" },
    pin: { type: "boolean", default: false },
  },
});

function number(name: "seeds" | "jobs" | "repeat"): number {
  const text = values[name];
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`--${name} needs a whole number`);
  return Number(text);
}

function chosen(): readonly Mutation[] {
  const pinned = PINNED.map(({ mutation }) => mutation);
  const names = values.name ?? (values.pin ? pinned : MUTATIONS.map(({ name }) => name));
  return names.map((name) => {
    const found = MUTATIONS.find((one) => one.name === name);
    if (!found) throw new Error(`no planted bug ${name}`);
    return found;
  });
}

const seeds = number("seeds");
if (values.pin) for (const mutation of chosen()) console.log(await pin(mutation, seeds));
else {
  const options = { seeds, jobs: number("jobs"), repeat: number("repeat") };
  const all = await huntAll(chosen(), options, (hunted) => console.log(rowOf(hunted)));
  process.exitCode = printTable(all) ? 0 : 1;
}
