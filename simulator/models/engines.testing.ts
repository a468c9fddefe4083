/** A world with nothing in it but time, chance and a network: enough for one model and a test that waits for it. */
import { newHost } from "../kernel/host.ts";
import type { Host } from "../kernel/host.ts";
import { createRandom } from "../kernel/random.ts";
import type { Random } from "../kernel/random.ts";
import { createScheduler } from "../kernel/scheduler.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import { createTally } from "../kernel/tally.ts";
import type { Tally } from "../kernel/tally.ts";
import { createNetwork } from "./network.ts";
import type { Network } from "./network.ts";

export type Small = {
  scheduler: Scheduler;
  random: Random;
  tally: Tally;
  network: Network;
  host: Host;
  /** The port with calls that move the time on until they are answered. */
  driven<T extends object>(port: T): T;
  elapse(ms: number): Promise<void>;
};

/** Longer than any call of an engine takes. */
const ANSWER_MS = 60_000;

export function small(seed = "small"): Small {
  const scheduler = createScheduler();
  const random = createRandom(seed);
  const tally = createTally();
  const network = createNetwork(scheduler, random.fork("network"), tally);
  return {
    scheduler,
    random,
    tally,
    network,
    host: newHost("n1#1", { offset_ms: 0, rate: 1 }),
    driven: (port) => driven(scheduler, port),
    async elapse(ms) {
      await turn();
      scheduler.run(scheduler.now() + ms);
    },
  };
}

/** Promises run on only between two turns of the real loop, as they do between two events of a run. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

type Call = (...args: never[]) => Promise<unknown>;

function driven<T extends object>(scheduler: Scheduler, port: T): T {
  const calls = Object.entries(port).map(([name, call]: [string, Call]) => [
    name,
    (...args: never[]) => settled(scheduler, call(...args)),
  ]);
  return Object.fromEntries(calls) as T;
}

async function settled(scheduler: Scheduler, call: Promise<unknown>): Promise<unknown> {
  let over = false;
  const note = (): void => void (over = true);
  call.then(note, note);
  await turn();
  if (!over) scheduler.run(scheduler.now() + ANSWER_MS, () => over);
  return call;
}

/** Chance without surprises: what is late is as late as it can be, and of two things each second one happens. */
export function unsurprising(random: Random): Random {
  let turns = 0;
  return {
    ...random,
    int: (_from, to) => to,
    chance: (probability) => (probability === 0.5 ? turns++ % 2 === 0 : probability === 1),
  };
}
