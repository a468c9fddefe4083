import type { Subprocess } from "bun";

const graceMilliseconds = 10_000;

/** Every process we started that may still run, so that none is left behind. */
const running = new Set<Subprocess>();
let ending = false;

/** Notes a process that we started until it ends; answers the same process. */
export function adopt<Child extends Subprocess>(child: Child): Child {
  running.add(child);
  // The measuring goes on while an interrupt is handled and may start one more.
  if (ending) child.kill("SIGKILL");
  void child.exited.then(() => running.delete(child));
  return child;
}

/** Asks one process of ours to end, and kills it if it does not within 10 s. */
export async function end(child: Subprocess): Promise<void> {
  child.kill("SIGTERM");
  const killing = setTimeout(() => child.kill("SIGKILL"), graceMilliseconds);
  await child.exited;
  clearTimeout(killing);
}

/** Ends all that are left, and whatever is adopted from now on. */
export async function endAll(): Promise<void> {
  ending = true;
  while (running.size > 0) await Promise.all([...running].map(end));
}
