/** From the outbox to the shards: page by page for everyone, and at once for a user who waits. Rule X13. */
import type { OutboxRow } from "@damso/core/ports/account-records";
import type { Outbox } from "@damso/core/ports/accounts";
import type { Bus } from "@damso/core/ports/bus";
import { CODES } from "@damso/protocol/codes";
import type { UserId } from "@damso/protocol/ids";
import type { Log } from "../log.ts";
import { deliver } from "./deliver.ts";
import { createLanes } from "./lanes.ts";
import type { Lanes } from "./lanes.ts";

export type DrainDeps = { outbox: Outbox; bus: Pick<Bus, "request">; log: Log };

export type Drain = {
  /** Delivers until the outbox is empty: true, or until only rows are left that do not go out: false. */
  all(): Promise<boolean>;
  /** Tries the rows of one user, whatever waits of others. Never rejects. */
  own(user_id: UserId): Promise<void>;
  /** Resolves when what is under way has ended. */
  end(): Promise<void>;
};

/** Rows read at a time; more only while that many wait for users whose shard does not answer. */
const ROWS = 256;
const ROWS_MAX = 8192;
/** Users whose rows go out side by side. */
const USERS_AT_ONCE = 16;

type Place = DrainDeps & {
  signal: AbortSignal;
  lanes: Lanes;
  /** Whose rows were tried by themselves since the last page was read: what the page has of them may be gone. */
  apart: Set<UserId>;
};

export function createDrain(deps: DrainDeps, signal: AbortSignal): Drain {
  const place: Place = { ...deps, signal, lanes: createLanes(), apart: new Set() };
  return {
    all: () => drainAll(place),
    own: async (user_id) => {
      place.apart.add(user_id);
      await place.lanes.run(user_id, () => deliverOwn(place, user_id));
    },
    end: () => place.lanes.end(),
  };
}

async function drainAll(place: Place): Promise<boolean> {
  let limit = ROWS;
  while (!place.signal.aborted) {
    const round = await attempt(place, limit);
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

async function attempt(place: Place, limit: number): Promise<Round | undefined> {
  const { outbox, signal, apart, lanes } = place;
  for (const user_id of apart) if (!lanes.isBusy(user_id)) apart.delete(user_id);
  try {
    const rows = await outbox.take(limit, signal);
    const delivered = await deliverRows(place, rows);
    if (delivered.length > 0) await outbox.remove(delivered);
    return { taken: rows.length, delivered: delivered.length };
  } catch (error) {
    unreadable(place, error);
    return undefined;
  }
}

/** The ids of the rows that went out. Users side by side, the rows of one user in order. */
async function deliverRows(place: Place, rows: readonly OutboxRow[]): Promise<number[]> {
  const queues = [...Map.groupBy(rows, ({ user_id }) => user_id)];
  const delivered: number[] = [];
  const work = async (): Promise<void> => {
    for (let next = queues.shift(); next && !place.signal.aborted; next = queues.shift()) {
      const [user_id, own] = next;
      const went = await place.lanes.run(user_id, () =>
        place.apart.has(user_id) ? deliverOwn(place, user_id) : deliverUser(place, user_id, own),
      );
      if (went) delivered.push(...own.map(({ id }) => id));
    }
  };
  await Promise.all(Array.from({ length: USERS_AT_ONCE }, work));
  return delivered;
}

/** True when the user has no row left. */
async function deliverOwn(place: Place, user_id: UserId): Promise<boolean> {
  const { outbox, signal } = place;
  try {
    while (!signal.aborted) {
      const rows = await outbox.takeOf(user_id, ROWS, signal);
      if (rows.length === 0) return true;
      if (!(await deliverUser(place, user_id, rows))) return false;
      await outbox.remove(rows.map(({ id }) => id));
      if (rows.length < ROWS) return true;
    }
  } catch (error) {
    unreadable(place, error);
  }
  return false;
}

function unreadable({ log, signal }: Place, error: unknown): void {
  if (!signal.aborted) log.warn("the outbox cannot be read", { error });
}

async function deliverUser(
  { bus, log, signal }: Place,
  user_id: UserId,
  rows: readonly OutboxRow[],
): Promise<boolean> {
  const changes = rows.map(({ change }) => change);
  try {
    const result = await deliver(bus, user_id, changes, signal);
    if (result.ok) return true;
    const { code } = result.refusal;
    if (CODES[code].retry) return false;
    // Trying again would be refused again: better one event lost, and said, than a row that stays for ever.
    log.error("account changes were refused", { user_id, code, changes });
    return true;
  } catch (error) {
    if (!signal.aborted) log.warn("account changes were not delivered", { user_id, error });
    return false;
  }
}
