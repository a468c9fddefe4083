/** Addresses of names, kept for a while. A name server that hangs is asked anew by the next push. Rules N4, N12. */
import type { Timers } from "../gateway/timers.ts";
import { inTime } from "../in-time.ts";
import { once } from "../notifier/once.ts";

export type Lookup = (host: string) => Promise<string[]>;

const KEPT_MS = 60_000;
const NAMES_MAX = 1000;
/** Well within the time of a push, which has to reach its service as well. */
export const ANSWER_MS = 4000;

export function createLookup(
  ask: Lookup,
  { timers, now }: { timers: Pick<Timers, "after">; now: () => number },
): Lookup {
  const silent = (): Promise<never> => Promise.reject(new Error("no answer of the name server"));
  return once((host) => inTime(timers, ANSWER_MS, () => ask(host), silent), {
    ms: KEPT_MS,
    max: NAMES_MAX,
    now,
  });
}
