/** The commands that carry stores from one place to another, as an operator sees them. */
import type { Command } from "../config.ts";
import { exportAll } from "./export.ts";
import { importAll } from "./import.ts";
import { readManifest } from "./manifest.ts";
import type { Stores } from "./stores.ts";
import type { Total } from "./tally.ts";
import { verifyFiles, verifyStores } from "./verify.ts";

export type CarryDeps = {
  /** `made`: the place has to be there. */
  open: (options: { now: number; made: boolean }) => Promise<Stores>;
  restored: (now: number) => Promise<string>;
  now: number;
  program: string;
  say: (line: string) => void;
};

const KEYS =
  "The server's keys are not in it: give the new place the same keys file, or everybody has to log in again.";

/** Rejects with what went wrong; a code `refused` or `shape` comes with a sentence. */
export async function carry(
  command: Exclude<Command, { name: "serve" | "doctor" }>,
  deps: CarryDeps,
): Promise<void> {
  const { say, now, program } = deps;
  const said = (part: string, { rows, sha256_sum }: Total): void =>
    say(`${part.padEnd(24)} ${String(rows).padStart(12)}  ${sha256_sum.slice(0, 16)}…`);
  switch (command.name) {
    case "export": {
      const folder = command.to;
      await within(deps, true, (stores) => exportAll({ stores, folder, program, now, said }));
      return say(`Exported to ${folder}. ${KEYS}`);
    }
    case "import": {
      const folder = command.from;
      await within(deps, false, (stores) => importAll({ stores, folder, said }));
      return say(
        "Imported, and read again: all rows are as the manifest says. Every device starts anew.",
      );
    }
    case "verify": {
      const manifest = await readManifest(command.of);
      await verifyFiles(command.of, manifest);
      say(`The files in ${command.of} are as their manifest says.`);
      await within(deps, true, (stores) => verifyStores(stores, manifest, said));
      return say("What is kept is what the manifest says.");
    }
    case "restored":
      return say(`Restored: ${await deps.restored(now)}. Every device starts anew.`);
  }
}

async function within<T>(
  { open, now }: CarryDeps,
  made: boolean,
  work: (stores: Stores) => Promise<T>,
): Promise<T> {
  const stores = await open({ now, made });
  try {
    return await work(stores);
  } finally {
    await stores.close();
  }
}
