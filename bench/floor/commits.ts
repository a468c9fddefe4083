import type { ClassicLevel } from "classic-level";

/** One row to write. */
export interface Put {
  readonly type: "put";
  readonly key: string;
  readonly value: string;
}

/** Adds rows to the pile; `tell` is called once they are on the disk. */
export type Commit = (puts: readonly Put[], tell: () => void) => void;

/**
 * Group commit: while one fsynced batch is in flight, later rows pile up, and the pile is the next
 * batch. `told` is called when all `tell`s of one batch have run. A failing disk is not handled:
 * the process ends.
 */
export function openCommits(db: ClassicLevel<string, string>, told: () => void): Commit {
  let puts: Put[] = [];
  let tells: (() => void)[] = [];
  let busy = false;

  async function run(): Promise<void> {
    busy = true;
    while (puts.length > 0) {
      const batch = puts;
      const waiting = tells;
      puts = [];
      tells = [];
      await db.batch(batch, { sync: true });
      for (const tell of waiting) tell();
      told();
    }
    busy = false;
  }

  return (more, tell) => {
    for (const one of more) puts.push(one);
    tells.push(tell);
    if (!busy) void run();
  };
}
