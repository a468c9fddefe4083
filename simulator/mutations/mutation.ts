/**
 * A bug planted on purpose: one place of the product, written differently. It exists only in the process that runs the
 * simulator with it, where the source is changed while it is loaded; nothing of it is in any build.
 */
import { plugin } from "bun";
import type { Plan } from "../plan.ts";

export type Mutation = {
  name: string;
  /** What is wrong with it, as a reviewer would say. */
  bug: string;
  /** The invariants that it breaks. */
  breaks: readonly `I${number}`[];
  /** From the root of the project. */
  file: string;
  /** Occurs once in the file. */
  find: string;
  replace: string;
  /** Where it can be seen, if not in both. */
  wiring?: "single" | "sharded";
  /** What its runs have in common, where seeds that draw everything seldom come to it. Without: nothing. */
  plan?: Partial<Omit<Plan, "wiring">>;
};

const root = new URL("../..", import.meta.url).pathname;

/** True when one of the faults is a rule that the bug breaks: anything else that goes wrong says nothing about the rules. */
export function shows({ breaks }: Mutation, faults: readonly string[]): boolean {
  return faults.some((fault) => breaks.some((rule) => fault.startsWith(`[${rule}]`)));
}

export function mutated({ name, file, find, replace }: Mutation, source: string): string {
  const parts = source.split(find);
  if (parts.length !== 2)
    throw new Error(`mutation ${name}: its place occurs ${parts.length - 1} times in ${file}`);
  return parts.join(replace);
}

/** From here on the file is loaded with the bug in it. To be called before anything imports it. */
export function plant(mutation: Mutation): void {
  const path = root + mutation.file;
  const pattern = new RegExp(`${mutation.file.replaceAll(/[.\\/]/g, "\\$&")}$`);
  plugin({
    name: `mutation ${mutation.name}`,
    setup(build) {
      build.onLoad({ filter: pattern }, async () => ({
        contents: mutated(mutation, await Bun.file(path).text()),
        loader: "ts",
      }));
    },
  });
}
