/**
 * The end of a node that takes no requests any more. Its shards have to be handed over in a time that whoever runs it
 * relies on, so nothing of the rest may keep them waiting: what an engine that is silent does not take waits in a store,
 * or is told by others.
 */
import type { LiveSessions } from "./auth/live-sessions.ts";
import type { Timers } from "./gateway/timers.ts";
import { inTime } from "./in-time.ts";
import type { Log } from "./log.ts";
import type { Relay } from "./relay/relay.ts";
import type { Engine } from "./shard/engine.ts";

/** Rows that were being delivered are delivered again by another node; of uses only the time is lost. */
const SIDE_MS_MAX = 3000;
const WITHDRAW_MS_MAX = 3000;
/** All that was decided is durable by then. */
const CLOSE_MS_MAX = 4000;

export type Ending = {
  relay: Pick<Relay, "stop">;
  live: Pick<LiveSessions, "stop">;
  engine: Pick<Engine, "stop">;
  withdraw(): Promise<void>;
  close(): Promise<void>;
  timers: Pick<Timers, "after">;
  log: Pick<Log, "warn">;
};

/** In `drain_ms` and 40 s from the signal on, with 3 s for requests before and 30 s for the shards: docs/operate.md. */
export async function endAll(ending: Ending): Promise<void> {
  const { relay, live, engine, timers, log } = ending;
  const bounded = (what: string, ms: number, end: () => Promise<void>): Promise<void> =>
    inTime(timers, ms, end, () => log.warn("did not end in time, and is left", { what }));
  await Promise.all([
    engine.stop(),
    bounded("the relay", SIDE_MS_MAX, () => relay.stop()),
    bounded("the uses of sessions", SIDE_MS_MAX, () => live.stop()),
  ]);
  await bounded("the word to discovery", WITHDRAW_MS_MAX, () => ending.withdraw());
  await bounded("the closing of stores", CLOSE_MS_MAX, () => ending.close());
}
