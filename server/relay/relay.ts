/**
 * The outbox relay: carries what the accounts store committed into the users' feeds, at least once and in order.
 * A row is deleted only after its commands were answered, so a crash in between repeats it. Rule X13.
 */
import type { OutboxRow } from "@damso/core/ports/account-records";
import type { Outbox } from "@damso/core/ports/accounts";
import type { Bus } from "@damso/core/ports/bus";
import type { Random } from "@damso/core/ports/clock";
import { CODES } from "@damso/protocol/codes";
import type { UserId } from "@damso/protocol/ids";
import type { Timers } from "../gateway/timers.ts";
import type { Log } from "../log.ts";
import { deliver } from "./deliver.ts";

export type RelayDeps = {
  outbox: Outbox;
  bus: Pick<Bus, "request">;
  timers: Timers;
  random: Random;
  log: Log;
};

export type Relay = {
  /** Delivers what a former process left, and from then on what is committed. */
  start(): void;
  /** There may be new rows. */
  wake(): void;
  /** As `wake`; resolves when every row that is there now was tried once, or after a second. */
  settle(): Promise<void>;
  /** Resolves when the delivery under way has ended; what is left waits for the next start. */
  stop(): Promise<void>;
};

/** Rows read at a time; more only while that many wait for users whose shard does not answer. */
const ROWS = 256;
const ROWS_MAX = 8192;
/** Users whose rows go out side by side. */
const USERS_AT_ONCE = 16;
/** Rows that another process wrote are found at this pace. */
const IDLE_MS = 5000;
const BACKOFF_MS = 200;
const BACKOFF_MS_MAX = 10_000;
const SETTLE_MS_MAX = 1000;

export function createRelay(deps: RelayDeps): Relay {
  const abort = new AbortController();
  const bell = createBell(deps.timers);
  let waiting: (() => void)[] = [];
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    let failures = 0;
    while (!abort.signal.aborted) {
      const served = waiting;
      waiting = [];
      bell.clear();
      const clean = await drain(deps, abort.signal);
      for (const tell of served) tell();
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
    settle: () =>
      new Promise((resolve) => {
        const cancel = deps.timers.after(SETTLE_MS_MAX, resolve);
        waiting.push(() => {
          cancel();
          resolve();
        });
        bell.ring();
      }),
    stop: async () => {
      abort.abort();
      bell.ring();
      await running;
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

/** Delivers until the outbox is empty: true, or until only rows are left that do not go out: false. */
async function drain(deps: RelayDeps, signal: AbortSignal): Promise<boolean> {
  let limit = ROWS;
  while (!signal.aborted) {
    const round = await attempt(deps, limit, signal);
    if (!round) return false;
    const { taken, delivered } = round;
    if (taken < limit) return delivered === taken;
    // A page full of rows that do not go out must not hold up those behind it.
    if (delivered > 0) continue;
    if (limit === ROWS_MAX) return false;
    limit *= 2;
  }
  return false;
}

type Round = { taken: number; delivered: number };

async function attempt(
  deps: RelayDeps,
  limit: number,
  signal: AbortSignal,
): Promise<Round | undefined> {
  try {
    const rows = await deps.outbox.take(limit, signal);
    const delivered = await deliverRows(deps, rows, signal);
    if (delivered.length > 0) await deps.outbox.remove(delivered);
    return { taken: rows.length, delivered: delivered.length };
  } catch (error) {
    if (!signal.aborted) deps.log.warn("the outbox cannot be read", { error });
    return undefined;
  }
}

/** The ids of the rows that went out. Users side by side, the rows of one user in order. */
async function deliverRows(
  deps: RelayDeps,
  rows: readonly OutboxRow[],
  signal: AbortSignal,
): Promise<number[]> {
  const queues = [...Map.groupBy(rows, ({ user_id }) => user_id)];
  const delivered: number[] = [];
  const work = async (): Promise<void> => {
    for (let next = queues.shift(); next && !signal.aborted; next = queues.shift()) {
      const [user_id, own] = next;
      if (await deliverUser(deps, user_id, own, signal)) delivered.push(...own.map(({ id }) => id));
    }
  };
  await Promise.all(Array.from({ length: USERS_AT_ONCE }, work));
  return delivered;
}

async function deliverUser(
  deps: RelayDeps,
  user_id: UserId,
  rows: readonly OutboxRow[],
  signal: AbortSignal,
): Promise<boolean> {
  const changes = rows.map(({ change }) => change);
  try {
    const result = await deliver(deps.bus, user_id, changes, signal);
    if (result.ok) return true;
    const { code } = result.refusal;
    if (CODES[code].retry) return false;
    // Trying again would be refused again: better one event lost, and said, than a row that stays for ever.
    deps.log.error("account changes were refused", { user_id, code, changes });
    return true;
  } catch (error) {
    if (!signal.aborted) deps.log.warn("account changes were not delivered", { user_id, error });
    return false;
  }
}
