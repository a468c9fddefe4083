/**
 * The outbox relay: carries what the accounts store committed into the users' feeds, at least once and in order.
 * A row is deleted only after its commands were answered, so a crash in between repeats it. Rule X13.
 */
import type { Random } from "@damso/core/ports/clock";
import type { UserId } from "@damso/protocol/ids";
import type { Timers } from "../gateway/timers.ts";
import { createDrain } from "./drain.ts";
import type { DrainDeps } from "./drain.ts";

export type RelayDeps = DrainDeps & { timers: Timers; random: Random };

export type Relay = {
  /** Delivers what a former process left, and from then on what is committed. */
  start(): void;
  /** There may be new rows. */
  wake(): void;
  /**
   * As `wake`; resolves when every row of this user that is there now was tried once, or after a second. However many
   * rows of others wait: an answer says that a setting holds, and must not say it before.
   */
  settle(user_id: UserId): Promise<void>;
  /** Resolves when the delivery under way has ended; what is left waits for the next start. */
  stop(): Promise<void>;
};

/** Rows that another process wrote are found at this pace. */
const IDLE_MS = 5000;
const BACKOFF_MS = 200;
const BACKOFF_MS_MAX = 10_000;
const SETTLE_MS_MAX = 1000;

export function createRelay(deps: RelayDeps): Relay {
  const abort = new AbortController();
  const bell = createBell(deps.timers);
  const drain = createDrain(deps, abort.signal);
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    let failures = 0;
    while (!abort.signal.aborted) {
      bell.clear();
      const clean = await drain.all();
      failures = clean ? 0 : failures + 1;
      if (abort.signal.aborted) return;
      await bell.wait(clean ? IDLE_MS : backoff(failures, deps.random));
    }
  };

  return {
    start: () => {
      running ??= run();
    },
    wake: () => bell.ring(),
    settle: (user_id) =>
      new Promise((resolve) => {
        const cancel = deps.timers.after(SETTLE_MS_MAX, resolve);
        void drain.own(user_id).then(() => {
          cancel();
          resolve();
          // Others may have rows of the same change, and what did not go out is to be tried again.
          bell.ring();
        });
      }),
    stop: async () => {
      abort.abort();
      bell.ring();
      await running;
      await drain.end();
    },
  };
}

/** Full jitter, so that several processes do not knock in step. */
function backoff(failures: number, random: Random): number {
  const ceiling = Math.min(BACKOFF_MS_MAX, BACKOFF_MS * 2 ** Math.min(failures, 16));
  return ceiling / 2 + (random.next() * ceiling) / 2;
}

type Bell = { ring(): void; clear(): void; wait(ms: number): Promise<void> };

/** A ring since the last `clear` ends a wait, also one that begins later: no row waits for the next idle look. */
function createBell(timers: Timers): Bell {
  let rung = false;
  let end: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      end?.();
    },
    clear: () => {
      rung = false;
    },
    wait: async (ms) => {
      if (rung) return;
      await new Promise<void>((resolve) => {
        const cancel = timers.after(ms, resolve);
        end = () => {
          cancel();
          resolve();
        };
      });
      end = undefined;
    },
  };
}
